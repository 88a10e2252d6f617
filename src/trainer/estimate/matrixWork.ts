/**
 * What Muon, Shampoo and SOAP do with a model's matrices, counted in multiplications up to a factor of the optimizer: by it the time for some
 * matrices says what others will take. A = all dimensions but the last, B = the last one, s and l the shorter and the longer.
 *
 *   Muon (kernels/newtonSchulz.ts)    a step: s^2 l + s^3 + s^2 l, five times
 *   Shampoo, SOAP                     a step: a product of both for every side that is preconditioned, A^2 B + A B^2
 *                                     every preconditionInterval steps: roots or bases of the sides, A^3 + B^3
 */
import { leftSideOf, restByLast, sidesOf, splitMatrices, type SidedPlace } from '../../settings/formulas/matrices';
import type { Settings } from '../../settings/knobs';
import { parameterSpace, type Shaped } from '../../settings/parameterSpace';

export interface MatrixWork {
  readonly everyStep: number;
  readonly atIntervals: number;
}

/** What goes over entries one by one. */
const eachEntry = 8;

export function matrixWork({ optimizer, matrixLimit }: Pick<Settings, 'optimizer' | 'matrixLimit'>, parameters: readonly Shaped[]): MatrixWork {
  const space = parameterSpace(parameters);
  const { matrices, vectors } = splitMatrices(space, restByLast);
  const entries = eachEntry * space.dimension;
  if (optimizer === 'muon') return { everyStep: entries + matrices.reduce((sum, { rows, columns }) => sum + newtonSchulz(Math.min(rows, columns), Math.max(rows, columns)), 0), atIntervals: 0 };
  const places = [...matrices.map(place => sidesOf(place, matrixLimit)), ...optimizer === 'shampoo' ? vectors.map(tensor => leftSideOf(tensor, matrixLimit)) : []];
  return {
    everyStep: entries + sum(places, (side, { length }) => length * side),
    atIntervals: sum(places, side => side ** 3),
  };
}

function newtonSchulz(shorter: number, longer: number): number {
  return 5 * shorter ** 2 * (2 * longer + shorter);
}

/** Over the sides that are preconditioned. */
function sum(places: readonly SidedPlace[], work: (side: number, place: SidedPlace) => number): number {
  return places.reduce((total, place) => total + (place.hasLeft ? work(place.rows, place) : 0) + (place.hasRight ? work(place.columns, place) : 0), 0);
}
