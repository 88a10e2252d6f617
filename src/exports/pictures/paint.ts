/**
 * Paints a scene: every shape becomes a mask of coverage from 0 to 1 a pixel, through which its colour is laid on. Areas are counted on
 * four lines a pixel, exact along each; strokes cover what is nearer to them than half their width, the edge one pixel soft.
 * Bytes held: 8 a pixel.
 */
import { lettering } from './strokeFont';
import type { Place, Scene, Shape } from './scene';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** RGBA, row by row from the top. */
  readonly rgba: Uint8Array;
}

const lines = 4;
/** Width of a letter's stroke over its size. */
const [regular, bold] = [0.088, 0.135];

/** `scale`: pixels of the painting to one of the scene. */
export function paint(scene: Scene, scale: number): Pixels {
  const [width, height] = [Math.round(scene.width * scale), Math.round(scene.height * scale)];
  const canvas = new Canvas(width, height, scale);
  for (const shape of scene.shapes) canvas.draw(shape);
  return { width, height, rgba: canvas.rgba };
}

class Canvas {
  readonly rgba: Uint8Array;
  private readonly mask: Float32Array;
  /** What of the mask is not zero: rows and columns. */
  private dirty = { left: Infinity, top: Infinity, right: 0, bottom: 0 };

  constructor(private readonly width: number, private readonly height: number, private readonly scale: number) {
    this.rgba = new Uint8Array(width * height * 4).fill(255);
    this.mask = new Float32Array(width * height);
  }

  draw(shape: Shape): void {
    if (shape.kind === 'area') {
      this.coverArea(shape.points.map(this.scaled));
      this.layOn(shape.fill, shape.opacity ?? 1);
    } else if (shape.kind === 'stroke') {
      for (const points of shape.dash === undefined ? [shape.points] : dashes(shape.points, shape.dash)) this.coverLine(points.map(this.scaled), shape.width * this.scale);
      this.layOn(shape.color, 1);
    } else {
      const { strokes, width } = lettering(shape.text, shape.size);
      const left = shape.at[0] - (shape.anchor === 'start' ? 0 : shape.anchor === 'middle' ? width / 2 : width);
      for (const points of strokes) this.coverLine(points.map(([x, y]) => this.scaled([left + x, shape.at[1] + y])), shape.size * (shape.bold === true ? bold : regular) * this.scale);
      this.layOn(shape.color, 1);
    }
  }

  private readonly scaled = ([x, y]: Place): Place => [x * this.scale, y * this.scale];

  /** Even-odd. */
  private coverArea(points: readonly Place[]): void {
    const ys = points.map(([, y]) => y);
    const [from, to] = [Math.max(0, Math.floor(Math.min(...ys))), Math.min(this.height, Math.ceil(Math.max(...ys)))];
    for (let row = from; row < to; row++) {
      for (let line = 0; line < lines; line++) {
        const crossings = crossingsAt(points, row + (line + 0.5) / lines);
        for (let index = 0; index + 1 < crossings.length; index += 2) this.coverSpan(row, crossings[index] ?? 0, crossings[index + 1] ?? 0);
      }
    }
  }

  private coverSpan(row: number, from: number, to: number): void {
    const [left, right] = [Math.max(0, from), Math.min(this.width, to)];
    if (right <= left) return;
    for (let column = Math.floor(left); column < right; column++) {
      const covered = Math.min(right, column + 1) - Math.max(left, column);
      this.mask[row * this.width + column] = (this.mask[row * this.width + column] ?? 0) + covered / lines;
    }
    this.touch(Math.floor(left), row, Math.ceil(right), row + 1);
  }

  private coverLine(points: readonly Place[], width: number): void {
    points.forEach((to, index) => { if (index > 0 || points.length === 1) this.coverSegment(points[index - 1] ?? to, to, width / 2); });
  }

  private coverSegment([x1, y1]: Place, [x2, y2]: Place, reach: number): void {
    const edge = reach + 1;
    const [left, right] = [Math.max(0, Math.floor(Math.min(x1, x2) - edge)), Math.min(this.width, Math.ceil(Math.max(x1, x2) + edge))];
    const [top, bottom] = [Math.max(0, Math.floor(Math.min(y1, y2) - edge)), Math.min(this.height, Math.ceil(Math.max(y1, y2) + edge))];
    const [dx, dy] = [x2 - x1, y2 - y1];
    const square = dx * dx + dy * dy;
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        const [px, py] = [column + 0.5 - x1, row + 0.5 - y1];
        const along = square === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / square));
        const covered = Math.min(1, Math.max(0, reach + 0.5 - Math.hypot(px - along * dx, py - along * dy)));
        const at = row * this.width + column;
        if (covered > (this.mask[at] ?? 0)) this.mask[at] = covered;
      }
    }
    this.touch(left, top, right, bottom);
  }

  private touch(left: number, top: number, right: number, bottom: number): void {
    const { dirty } = this;
    this.dirty = { left: Math.min(dirty.left, left), top: Math.min(dirty.top, top), right: Math.max(dirty.right, right), bottom: Math.max(dirty.bottom, bottom) };
  }

  private layOn(color: string, opacity: number): void {
    const channels = [1, 3, 5].map(at => parseInt(color.slice(at, at + 2), 16));
    const { left, top, right, bottom } = this.dirty;
    for (let row = top; row < bottom; row++) {
      for (let at = row * this.width + left; at < row * this.width + right; at++) {
        const share = Math.min(1, this.mask[at] ?? 0) * opacity;
        if (share === 0) continue;
        this.mask[at] = 0;
        channels.forEach((channel, index) => { this.rgba[at * 4 + index] = Math.round((this.rgba[at * 4 + index] ?? 0) * (1 - share) + channel * share); });
      }
    }
    this.dirty = { left: Infinity, top: Infinity, right: 0, bottom: 0 };
  }
}

/** Where the outline crosses a horizontal line, from left to right. */
function crossingsAt(points: readonly Place[], y: number): number[] {
  const crossings: number[] = [];
  let from = points.at(-1);
  for (const to of points) {
    if (from !== undefined && (from[1] <= y) !== (to[1] <= y)) crossings.push(from[0] + (y - from[1]) / (to[1] - from[1]) * (to[0] - from[0]));
    from = to;
  }
  return crossings.sort((a, b) => a - b);
}

/** The marks of a dashed line. */
function dashes(points: readonly Place[], [mark, gap]: readonly [number, number]): Place[][] {
  const marks: Place[][] = [];
  let [isMark, left] = [true, mark];
  let open: Place[] = points[0] === undefined ? [] : [points[0]];
  points.slice(1).forEach((to, index) => {
    let at = points[index] ?? to;
    for (let rest = Math.hypot(to[0] - at[0], to[1] - at[1]); rest > left; rest -= left, left = isMark ? mark : gap) {
      at = [at[0] + (to[0] - at[0]) * left / rest, at[1] + (to[1] - at[1]) * left / rest];
      if (isMark) marks.push([...open, at]);
      open = [at];
      isMark = !isMark;
    }
    left -= Math.hypot(to[0] - at[0], to[1] - at[1]);
    open.push(to);
  });
  return isMark && open.length > 1 ? [...marks, open] : marks;
}
