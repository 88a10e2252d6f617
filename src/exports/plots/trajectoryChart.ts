/** Paths of several minimisers over the level lines of one function, side by side on the same scales. */
import { drawAxes, linearAxis, type Axis, type Frame } from './axes';
import { contour } from './contours';
import { decimal, element, pathThrough, picture, text, type PictureOptions } from './svg';

export interface Trajectory {
  readonly label: string;
  /** Beneath the label. */
  readonly note: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly color: number;
}

export interface TrajectoryChartOptions extends Omit<PictureOptions, 'width' | 'height'> {
  readonly value: (x: number, y: number) => number;
  readonly levels: readonly number[];
  readonly minimum: readonly [x: number, y: number];
  readonly x: readonly [from: number, to: number];
  readonly y: readonly [from: number, to: number];
}

const [panelWidth, panelHeight, gap] = [270, 300, 52];
const [left, top] = [52, 104];

export function trajectoryChart(trajectories: readonly Trajectory[], options: TrajectoryChartOptions): string {
  const width = left + trajectories.length * (panelWidth + gap) - gap + 24;
  const panels = trajectories.map((trajectory, index) => drawPanel(trajectory, index, options));
  return picture({ ...options, width, height: top + panelHeight + 52 }, element('defs', {}, drawLevels(options)), ...panels);
}

/** Where panel `index` is, and its axes. */
function place(index: number, { x: [x1, x2], y: [y1, y2] }: TrajectoryChartOptions): { frame: Frame; x: Axis; y: Axis } {
  const start = left + index * (panelWidth + gap);
  const frame: Frame = { left: start, top, right: start + panelWidth, bottom: top + panelHeight };
  return { frame, x: linearAxis('x', x1, x2, frame.left, frame.right), y: linearAxis('y', y1, y2, frame.bottom, frame.top) };
}

/** Written once, where the first panel is; every panel uses them. */
function drawLevels(options: TrajectoryChartOptions): string {
  const { x, y } = place(0, options);
  const lines = options.levels.map(level => contour(options.value, level, { x: options.x, y: options.y, columns: 90, rows: 90 })
    .map(([fromX, fromY, toX, toY]) => `M${decimal(x.at(fromX))} ${decimal(y.at(fromY))}L${decimal(x.at(toX))} ${decimal(y.at(toY))}`).join(''));
  return element('path', { id: 'levels', class: 'frame', opacity: 0.55, d: lines.join('') });
}

function drawPanel({ label, note, points, color }: Trajectory, index: number, options: TrajectoryChartOptions): string {
  const { frame, x, y } = place(index, options);
  const { minimum } = options;
  const places = points.map(([atX, atY]) => [x.at(atX), y.at(atY)] as const);
  const clip = `panel${index}`;
  return element('clipPath', { id: clip }, element('rect', { x: frame.left, y: frame.top, width: panelWidth, height: panelHeight }))
    + text(label, { 'x': frame.left, 'y': 56, 'font-weight': 600 }) + text(note, { class: 'muted', x: frame.left, y: 74 })
    + drawAxes(x, y, frame)
    + element('g', { 'clip-path': `url(#${clip})` },
      element('use', { href: '#levels', x: index * (panelWidth + gap) }),
      element('path', { class: `line s${color}`, style: 'stroke-width:1.5', d: pathThrough(places) }),
      element('path', { class: `line s${color}`, style: 'stroke-width:3.2', d: places.map(([atX, atY]) => `M${decimal(atX)} ${decimal(atY)}h0`).join('') }),
    )
    + mark(x.at(minimum[0]), y.at(minimum[1]));
}

/** Where the minimum is. */
function mark(x: number, y: number): string {
  return element('path', { 'class': 's0', 'stroke-width': 2, 'd': `M${decimal(x - 5)} ${decimal(y - 5)}l10 10m0 -10l-10 10` });
}
