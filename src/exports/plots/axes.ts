/** Axes of a plot: values to pixels, and which values get a mark. */
import { element, text } from './svg';

export interface Axis {
  readonly label: string;
  /** A value to its place in pixels. */
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** The rectangle that data are drawn in. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export function linearAxis(label: string, from: number, to: number, start: number, end: number): Axis {
  const step = roundStep((to - from) / 6);
  const first = Math.ceil(from / step - 1e-9);
  const ticks = Array.from({ length: Math.floor(to / step + 1e-9) - first + 1 }, (_, index) => (first + index) * step);
  return { label, at: value => start + (end - start) * (value - from) / (to - from), ticks };
}

/** Decades in marks of 1, 2 and 5, or of 1, 1.5, 2, 3, 4, 5, 7 where there is little more than one decade; even marks in a small part of one. */
export function logAxis(label: string, from: number, to: number, start: number, end: number): Axis {
  const marks = to / from > 15 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 7];
  const ticks: number[] = [];
  for (let decade = Math.floor(Math.log10(from)); decade <= Math.log10(to); decade++) {
    for (const mark of marks) {
      const value = mark * 10 ** decade;
      if (value >= from && value <= to) ticks.push(value);
    }
  }
  const shown = ticks.length < 3 ? linearAxis(label, from, to, start, end).ticks : ticks;
  return { label, at: value => start + (end - start) * Math.log(value / from) / Math.log(to / from), ticks: shown };
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find(mark => mark * power >= least) ?? 10);
}

export function drawAxes(x: Axis, y: Axis, { left, top, right, bottom }: Frame): string {
  return [
    ...x.ticks.map(tick => element('path', { class: 'grid', d: `M${x.at(tick)} ${top}V${bottom}` })),
    ...y.ticks.map(tick => element('path', { class: 'grid', d: `M${left} ${y.at(tick)}H${right}` })),
    element('path', { class: 'frame', d: `M${left} ${top}V${bottom}H${right}` }),
    ...x.ticks.map(tick => text(tickText(tick), { 'class': 'muted', 'x': x.at(tick), 'y': bottom + 18, 'text-anchor': 'middle' })),
    ...y.ticks.map(tick => text(tickText(tick), { 'class': 'muted', 'x': left - 8, 'y': y.at(tick) + 4, 'text-anchor': 'end' })),
    text(x.label, { 'class': 'muted', 'x': (left + right) / 2, 'y': bottom + 38, 'text-anchor': 'middle' }),
    text(y.label, { 'class': 'muted', 'x': left, 'y': top - 10, 'text-anchor': 'start' }),
  ].join('');
}

function tickText(value: number): string {
  return Number(value.toPrecision(6)).toLocaleString('en', { maximumSignificantDigits: 6 }).replace('-', '\u2212');
}
