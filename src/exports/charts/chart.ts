/** What all charts share: title, axes, the frame with its grid, a column on the right with the legend and the changes of settings. */
import type { Axis, Frame } from '../plots/axes';
import { rectangle, stroke, words, type Place, type Scene, type Shape } from '../pictures/scene';
import { alarm, edge, grid, ink, muted } from './colors';

export const frame: Frame = { left: 76, top: 84, right: 730, bottom: 424 };
const [width, height] = [980, 480];
const legendLeft = 754;
const [lineHeight, noteHeight, lineLength] = [20, 16, 34];
const [mostNotes, mostLines] = [8, 14];

export interface LegendEntry {
  readonly label: string;
  readonly value?: string;
  readonly color: string;
  readonly shape: 'box' | 'line' | 'dashes';
}

/** A place on the horizontal axis where something happened. */
export interface Note {
  readonly x: number;
  readonly text: string;
  readonly kind: 'change' | 'alarm';
}

export interface ChartContent {
  readonly title: string;
  readonly subtitle: string;
  readonly description: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly yMark?: (value: number) => string;
  readonly legend: readonly LegendEntry[];
  readonly notes?: readonly Note[];
  /** Within the frame. */
  readonly content: readonly Shape[];
}

export function chart({ title, subtitle, description, x, y, yMark = plainMark, legend, notes = [], content }: ChartContent): Scene {
  const shown = notes.slice(0, mostNotes);
  return {
    width, height, title: `${title}: ${subtitle}`, description,
    shapes: [
      ...heading(title, subtitle),
      ...x.ticks.map(tick => stroke([[x.at(tick), frame.top], [x.at(tick), frame.bottom]], grid, 1)),
      ...y.ticks.map(tick => stroke([[frame.left, y.at(tick)], [frame.right, y.at(tick)]], grid, 1)),
      ...content,
      stroke([[frame.left, frame.top], [frame.left, frame.bottom], [frame.right, frame.bottom]], edge, 1),
      ...x.ticks.map(tick => words(plainMark(tick), [x.at(tick), frame.bottom + 18], muted, { anchor: 'middle' })),
      ...y.ticks.map(tick => words(yMark(tick), [frame.left - 8, y.at(tick) + 4], muted, { anchor: 'end' })),
      words(x.label, [(frame.left + frame.right) / 2, frame.bottom + 40], muted, { anchor: 'middle' }),
      words(y.label, [frame.left, frame.top - 12], muted),
      ...shown.flatMap((note, index) => noteMark(note, index, x)),
      ...legendShapes(legend, shown, notes.length - shown.length),
    ],
  };
}

export function heading(title: string, subtitle: string): Shape[] {
  return [words(title, [16, 28], ink, { size: 17, bold: true }), words(subtitle, [16, 50], muted, { size: 13 })];
}

function noteMark({ x: at, kind }: Note, index: number, x: Axis): Shape[] {
  const place = x.at(at);
  const color = kind === 'alarm' ? alarm : muted;
  return [
    stroke([[place, frame.top], [place, frame.bottom]], color, 1.2, [5, 4]),
    rectangle(place - 8, frame.top - 8, 16, 16, color), words(String(index + 1), [place, frame.top + 4], '#ffffff', { size: 11, anchor: 'middle', bold: true }),
  ];
}

function legendShapes(legend: readonly LegendEntry[], notes: readonly Note[], more: number): Shape[] {
  const top = frame.top + 8;
  const entries = legend.flatMap(({ label, value, color, shape }, index): Shape[] => {
    const y = top + index * lineHeight;
    const swatch: Shape = shape === 'box' ? rectangle(legendLeft, y - 9, 12, 12, color) : stroke([[legendLeft, y - 4], [legendLeft + 20, y - 4]], color, 2.2, shape === 'dashes' ? [6, 4] : undefined);
    const left = legendLeft + (shape === 'box' ? 20 : 28);
    return [swatch, words(label, [left, y], ink), ...value === undefined ? [] : [words(value, [width - 14, y], muted, { anchor: 'end' })]];
  });
  const start = top + (legend.length + 0.6) * lineHeight;
  const texts = [...notes.flatMap(({ text }, index) => wrapped(text).map((line, at) => ({ line, number: at === 0 ? String(index + 1) : '' }))), ...more > 0 ? [{ line: `and ${more} more`, number: '' }] : []];
  return [...entries, ...texts.slice(0, mostLines).flatMap(({ line, number }, index): Shape[] => {
    const y = start + index * noteHeight;
    return [words(number, [legendLeft, y], muted, { size: 11 }), words(line, [legendLeft + 16, y], muted, { size: 11 })];
  })];
}

/** In lines of the legend's width. */
function wrapped(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > lineLength) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map(line => shortened(line, lineLength));
}

export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}\u2026`;
}

export function plainMark(value: number): string {
  return Number(value.toPrecision(6)).toLocaleString('en', { maximumSignificantDigits: 6 }).replace('-', '\u2212');
}

/** A curve, or a dot where there is one point only; a place without a number is a gap. */
export function curve(points: readonly Place[], color: string, strokeWidth = 2, dash?: readonly [number, number]): Shape[] {
  const runs: Place[][] = [[]];
  for (const point of points) {
    if (Number.isFinite(point[1])) runs.at(-1)?.push(point);
    else runs.push([]);
  }
  return runs.filter(run => run.length > 0).map(run => {
    const [only] = run;
    return run.length === 1 && only !== undefined ? rectangle(only[0] - 2, only[1] - 2, 4, 4, color) : stroke(run, color, strokeWidth, dash);
  });
}
