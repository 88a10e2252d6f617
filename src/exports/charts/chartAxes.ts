/** Axes of steps, of bytes in the unit that suits them, and of figures. */
import { linearAxis, logAxis, type Axis } from '../plots/axes';
import { frame } from './chart';

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
/** Free room beyond the data. */
const room = 1.06;

export function stepAxis(last: number): Axis {
  const axis = linearAxis('Step', 0, Math.max(1, last), frame.left, frame.right);
  return { ...axis, ticks: axis.ticks.filter(Number.isInteger) };
}

/** Its marks are in the unit of its label; its places are of bytes. */
export function byteAxis(label: string, most: number, start: number = frame.bottom, end: number = frame.top): Axis & { readonly mark: (bytes: number) => string } {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log(Math.max(1, most)) / Math.log(1024))));
  const unit = 1024 ** power;
  const axis = linearAxis(`${label}, ${units[power] ?? 'B'}`, 0, Math.max(1, most) * room / unit, start, end);
  return { label: axis.label, at: bytes => axis.at(bytes / unit), ticks: axis.ticks.map(tick => tick * unit), mark: bytes => Number((bytes / unit).toPrecision(6)).toLocaleString('en') };
}

export function figureAxis(label: string, values: readonly number[], scale: 'linear' | 'log', ends?: readonly [number, number]): Axis {
  const seen = values.filter(value => Number.isFinite(value) && (scale === 'linear' || value > 0));
  if (scale === 'log' && seen.length > 0) return logAxis(label, least(seen) / 1.15, most(seen) * 1.15, frame.bottom, frame.top);
  const [from, to] = ends ?? [Math.min(0, least([0, ...seen])), most([0, ...seen]) * room];
  return linearAxis(label, from, to > from ? to : from + 1, frame.bottom, frame.top);
}

function least(values: readonly number[]): number {
  return values.reduce((lowest, value) => Math.min(lowest, value), Infinity);
}

function most(values: readonly number[]): number {
  return values.reduce((highest, value) => Math.max(highest, value), -Infinity);
}
