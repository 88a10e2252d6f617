/** Points of two measures that are both better when lower, logarithmic, each with its name; a staircase joins those that no other beats in both. */
import { drawAxes, logAxis, type Axis, type Frame } from './axes';
import { spread } from './lineChart';
import { element, escapeText, pathThrough, picture, text, type PictureOptions } from './svg';

export interface Point {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  /** Which of the colours. */
  readonly color: number;
}

export interface ScatterChartOptions extends Omit<PictureOptions, 'width' | 'height'> {
  readonly xLabel: string;
  readonly yLabel: string;
}

const [width, height] = [900, 520];
const frame: Frame = { left: 72, top: 70, right: 610, bottom: 464 };

export function scatterChart(points: readonly Point[], { xLabel, yLabel, ...options }: ScatterChartOptions): string {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const x = logAxis(xLabel, Math.min(...xs) / 1.15, Math.max(...xs) * 1.15, frame.left, frame.right);
  const y = logAxis(yLabel, Math.min(...ys) / 1.15, Math.max(...ys) * 1.15, frame.bottom, frame.top);
  return picture({ width, height, ...options }, drawAxes(x, y, frame), drawFront(points, x, y), ...points.map(point => drawPoint(point, x, y)), ...drawNames(points, x, y));
}

/** The points that no other beats in both measures, from left to right. */
export function paretoFront<Each extends Pick<Point, 'x' | 'y'>>(points: readonly Each[]): Each[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  return sorted.filter(({ y }, index) => sorted.slice(0, index).every(other => other.y > y));
}

function drawFront(points: readonly Point[], x: Axis, y: Axis): string {
  const steps = paretoFront(points).flatMap((point, index, front): (readonly [number, number])[] => {
    const [atX, atY] = [x.at(point.x), y.at(point.y)];
    const before = front[index - 1];
    return before === undefined ? [[atX, atY]] : [[atX, y.at(before.y)], [atX, atY]];
  });
  return element('path', { 'class': 'line s2', 'stroke-dasharray': '4 4', 'd': pathThrough(steps) });
}

function drawPoint({ x: atX, y: atY, color, label }: Point, x: Axis, y: Axis): string {
  return element('circle', { 'class': `s${color}`, 'cx': x.at(atX), 'cy': y.at(atY), 'r': 5, 'fill': 'none', 'stroke-width': 2.5 }, element('title', {}, escapeText(label)));
}

/** In a column on the right, in the order of the points' heights, each tied to its point by a thin line. */
function drawNames(points: readonly Point[], x: Axis, y: Axis): string[] {
  const sorted = [...points].sort((a, b) => y.at(a.y) - y.at(b.y));
  const places = spread(sorted.map(point => y.at(point.y)), frame.top - 20, frame.bottom + 20);
  return sorted.map((point, index) => {
    const place = places[index] ?? frame.top;
    const tie = pathThrough([[x.at(point.x) + 6, y.at(point.y)], [frame.right + 8, place]]);
    return element('path', { 'class': `s${point.color}`, 'fill': 'none', 'stroke-width': 1, 'opacity': 0.35, 'd': tie }) + text(point.label, { x: frame.right + 12, y: place + 4 });
  });
}
