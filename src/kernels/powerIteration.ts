/**
 * One step of orthogonal (power) iteration towards the largest singular vectors of a matrix M, from the right factor of the
 * step before (PowerSGD, arXiv 1905.13727):
 *
 *   P = orthonormal(M Q),   Q = M^T P,   M ~ P Q^T
 *
 * P Q^T is M projected on the columns of P, so it is never longer than M, whatever Q was. Columns of M Q that depend on those
 * before become zero in both factors. A column of Q that is zero, as all are at first, starts from pseudo-random numbers, so
 * that no direction is lost for ever. Factors are float32, all sums float64, in which squares of float32 cannot overflow.
 */
import { leftColumn, rightColumn, type FactoredPlace } from './factorLayout';
import { orthonormalize } from './gramSchmidt';
import { saturate } from './saturate';
import { timesLeft, timesRight } from './thinProducts';

export type PowerScratch = {
  readonly left: Float64Array; // [rank, rows]
  readonly right: Float64Array; // [rank, columns]
};

/** Rewrites the factors of the matrix at `place` of `vector`; `seed` varies what a column of zeros starts from. */
export function powerIteration(vector: Float32Array, place: FactoredPlace, factors: Float32Array, { left, right }: PowerScratch, seed: number): void {
  const { rows, columns, rank } = place;
  const [p, q] = [leftColumn(place, 0), rightColumn(place, 0)];
  for (let index = 0; index < rank; index++) startColumn(factors, q + index * columns, columns, seed + index);
  timesRight(vector, place, factors, q, rank, left);
  orthonormalize(left, rank, rows);
  timesLeft(vector, place, left, rank, right);
  for (let at = 0; at < rank * rows; at++) factors[p + at] = left[at] ?? 0;
  for (let at = 0; at < rank * columns; at++) factors[q + at] = saturate(right[at] ?? 0);
}

/** Numbers between -1 and 1 in place of a column of zeros (mulberry32). */
function startColumn(factors: Float32Array, start: number, length: number, seed: number): void {
  for (let at = start; at < start + length; at++) if (factors[at] !== 0) return;
  let state = Math.imul(seed, 0x9e3779b1);
  for (let at = start; at < start + length; at++) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    factors[at] = ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1;
  }
}
