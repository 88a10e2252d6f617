/**
 * The stops of a knob's slider, in order, so that every press of an arrow key reaches a value people would write:
 * log scales go 1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10 in each power of ten (whole numbers 1, 1.5, 2 in each power of two),
 * linear scales in about 100 round steps. Values between stops are typed into the number box. Where a knob accepts null, that is
 * the last stop: no bound, no end of a block.
 */
import type { NumberKnob } from '../../src/settings/knob';

export type Stop = number | null;

const mantissas = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8];
/** Over so many powers of ten, fewer stops in each. */
const wideDecades = 16;
const wideMantissas = [1, 2, 5];
const linearSteps = 100;

export function stopsOf(entry: NumberKnob): readonly Stop[] {
  const inner = entry.scale === 'linear' ? linearStops(entry) : entry.integer ? binaryStops(entry) : decimalStops(entry);
  const all = [entry.min, ...inner, entry.max].filter(value => value >= entry.min && value <= entry.max);
  const stops = [...new Set(all)].sort((a, b) => a - b);
  return entry.nullMeans === undefined ? stops : [...stops, null];
}

/** The stop nearest to a value: by ratio on a log scale, by distance on a linear one. */
export function positionOf(stops: readonly Stop[], value: Stop, scale: NumberKnob['scale']): number {
  if (value === null) return stops.length - 1;
  const distance = (stop: Stop | undefined) => typeof stop !== 'number' ? Infinity : scale === 'log' ? Math.abs(Math.log(stop) - Math.log(value)) : Math.abs(stop - value);
  let nearest = 0;
  for (let index = 1; index < stops.length; index++) if (distance(stops[index]) < distance(stops[nearest])) nearest = index;
  return value === stops[0] ? 0 : nearest;
}

/** The next stop above or below a value that may lie between two stops. */
export function nextStop(stops: readonly Stop[], value: Stop, direction: 1 | -1): Stop {
  const place = (stop: Stop) => stop ?? Infinity;
  const beyond = direction === 1 ? stops.find(stop => place(stop) > place(value)) : stops.findLast(stop => place(stop) < place(value));
  return beyond === undefined ? value : beyond;
}

function decimalStops({ min, max, smallest }: NumberKnob): number[] {
  const first = min > 0 ? min : smallest ?? max;
  const stops: number[] = [];
  for (let power = Math.floor(Math.log10(first)); power <= Math.ceil(Math.log10(max)); power++) {
    for (const mantissa of Math.log10(max / first) > wideDecades ? wideMantissas : mantissas) stops.push(Number(`${mantissa}e${power}`));
  }
  return stops.filter(stop => stop >= first);
}

function binaryStops({ min, max }: NumberKnob): number[] {
  const stops: number[] = [];
  for (let power = 2 ** Math.floor(Math.log2(Math.max(1, min))); power <= max; power *= 2) stops.push(power, Math.floor(power * 1.5));
  return stops;
}

function linearStops({ min, max, integer }: NumberKnob): number[] {
  const exact = (max - min) / linearSteps;
  const power = 10 ** Math.floor(Math.log10(exact));
  const round = [1, 2, 5, 10].map(mantissa => mantissa * power).find(step => step >= exact * 0.99) ?? exact;
  const step = integer ? Math.max(1, Math.round(round)) : round;
  const stops = Array.from({ length: Math.floor((max - min) / step) + 1 }, (_, index) => Number((min + index * step).toPrecision(12)));
  return max <= 1 && max > 0.99 ? [...stops, ...nearOne()] : stops;
}

/** Decays live close to 1: 0.995, 0.999, 0.9995 and so on; those beyond the range are left out with all that are. */
function nearOne(): number[] {
  const stops: number[] = [];
  for (const gap of [1e-3, 1e-4, 1e-5]) {
    for (const value of [1 - 5 * gap, 1 - gap]) stops.push(Number(value.toPrecision(12)));
  }
  return stops;
}
