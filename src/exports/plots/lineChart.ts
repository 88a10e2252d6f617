/** Lines over steps, with the vertical axis logarithmic and the name of each line at its end. */
import { drawAxes, linearAxis, logAxis, type Axis, type Frame } from './axes';
import { element, pathThrough, picture, text, type PictureOptions } from './svg';

export interface Line {
  readonly label: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Which of the colours. */
  readonly color: number;
  readonly dashed: boolean;
}

export interface LineChartOptions extends Omit<PictureOptions, 'width' | 'height'> {
  readonly xLabel: string;
  readonly yLabel: string;
}

const [width, height] = [860, 440];
const frame: Frame = { left: 64, top: 70, right: 620, bottom: 384 };
/** Names closer than this would overlap. */
const nameHeight = 17;

export function lineChart(lines: readonly Line[], { xLabel, yLabel, ...options }: LineChartOptions): string {
  const points = lines.flatMap(line => line.points);
  const values = points.map(([, y]) => y);
  const x = linearAxis(xLabel, 0, Math.max(...points.map(([at]) => at)), frame.left, frame.right);
  const y = logAxis(yLabel, Math.min(...values) / 1.08, Math.max(...values) * 1.08, frame.bottom, frame.top);
  return picture({ width, height, ...options }, drawAxes(x, y, frame), ...lines.map(line => drawLine(line, x, y)), ...drawNames(lines, y));
}

function drawLine({ points, color, dashed }: Line, x: Axis, y: Axis): string {
  return element('path', { class: `line s${color}`, d: pathThrough(points.map(([at, value]) => [x.at(at), y.at(value)])), ...dashed ? { 'stroke-dasharray': '7 5' } : {} });
}

/** Names stand as near the ends of their lines as they can without touching, in the order of the ends. */
function drawNames(lines: readonly Line[], y: Axis): string[] {
  const ends = lines.map(line => ({ line, end: y.at(line.points.at(-1)?.[1] ?? Number.NaN) })).sort((a, b) => a.end - b.end);
  const places = spread(ends.map(({ end }) => end), frame.top, frame.bottom);
  return ends.map(({ line: { label, color, dashed }, end }, index) => {
    const place = places[index] ?? end;
    const from = frame.right;
    return element('path', { 'class': `s${color}`, 'fill': 'none', 'stroke-width': 1, 'opacity': 0.6, 'd': pathThrough([[from + 3, end], [from + 22, place]]) })
      + element('path', { class: `line s${color}`, d: pathThrough([[from + 22, place], [from + 46, place]]), ...dashed ? { 'stroke-dasharray': '7 5' } : {} })
      + text(label, { x: from + 53, y: place + 4 });
  });
}

/** Moves ascending places apart, each as little as a pass down and a pass up need. */
export function spread(places: readonly number[], lowest: number, highest: number): number[] {
  const moved = [...places];
  for (let index = 1; index < moved.length; index++) moved[index] = Math.max(moved[index] ?? 0, (moved[index - 1] ?? 0) + nameHeight);
  let limit = Math.max(highest, lowest + nameHeight * (moved.length - 1));
  for (let index = moved.length - 1; index >= 0; index--) {
    moved[index] = Math.min(moved[index] ?? 0, limit);
    limit = (moved[index] ?? 0) - nameHeight;
  }
  return moved;
}
