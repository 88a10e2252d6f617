/**
 * GGT's rule (arXiv 1806.02958; compressed in EFCP, arXiv 2306.06098): full-matrix Adagrad over the last m gradients, for the
 * newest of them, c. With G the rows of the window, each scaled by beta2^age:
 *
 *   S = G^T G,   u = (S^1/2 + epsilon I)^-1 c
 *
 * u lies in the span of the rows. The gram factorises as G G^T = L L^T, where row r of L [m, rank] is row r of G in an
 * orthonormal basis of that span, from which dependent rows drop out by themselves: nothing is added to the diagonal. In that
 * basis S is L^T L, of the size of the rank; it is brought to tridiagonal form, and the root and the inverse are taken there.
 * Holds two matrices (16 m^2 bytes) and vectors; takes about 2 m^3 operations.
 */
import { outerProducts } from '../../kernels/outerProducts';
import { pivotedCholesky, solveTransposed } from '../../kernels/pivotedCholesky';
import { applyReflection, tridiagonalize } from '../../kernels/tridiagonal';
import { tridiagonalRootSolve } from '../../kernels/tridiagonalRoot';
import type { CoefficientRule, GramView } from './coefficientRule';

/** Nothing goes from one step to the next. */
export type InverseRoot = { readonly scratch: InverseRootScratch };

type InverseRootScratch = {
  readonly factor: Float64Array; // [m, m], L in its last columns, from small to large
  readonly moments: Float64Array; // [m, m], L^T L and then its reflections
  /** The rows that make up the basis, from large to small. */
  readonly order: Uint32Array; // [m]
  readonly decays: Float64Array; // [m]
  readonly diagonal: Float64Array; // [m]
  readonly beside: Float64Array; // [m]
  readonly lengths: Float64Array; // [m]
  readonly row: Float64Array; // [m]
  readonly multipliers: Float64Array; // [m]
  readonly solution: Float64Array; // [m]
};

/**
 * A row is dependent when less than this share of its squared norm is left: three to five times the rounding of float32 in
 * terms of the norm. Sums of products in float64 are accurate to about 1e-15 of it, those of 1e7 entries to about 1e-14.
 */
const tolerance = 1e-13;
/** A row this much shorter than c changes u by no more than about this share, and is left out. */
const negligible = 1e-8;
/**
 * In a direction of which the window holds so many times |c| + epsilon, u is zero but for the inverse of this, and is set to
 * zero: beside such a direction float64 might not see those of the size of c.
 */
const overwhelming = 1e6;

export function inverseRoot({ beta2, epsilon }: { beta2: () => number; epsilon: () => number }): CoefficientRule<InverseRoot> {
  return {
    name: 'ggt',
    init: size => {
      const vector = () => new Float64Array(size);
      return {
        scratch: {
          factor: new Float64Array(size * size), moments: new Float64Array(size * size), order: new Uint32Array(size),
          decays: vector(), diagonal: vector(), beside: vector(), lengths: vector(), row: vector(), multipliers: vector(), solution: vector(),
        },
      };
    },
    solve: (view, { scratch }, coefficients) => {
      const { size, filled, slot, gram } = view;
      setDecays(view, scratch.decays, beta2());
      const rank = pivotedCholesky(gram, size, filled, scratch.decays, tolerance, scratch.factor, scratch.order, scratch.diagonal);
      for (let at = 0; at < rank; at++) scratch.row[at] = scratch.factor[slot * size + filled - rank + at] ?? 0;
      if (rank > 0) applyInverseRoot(view, scratch, rank, epsilon(), coefficients);
      solveTransposed(scratch.factor, size, filled, scratch.order, rank, coefficients);
      spread(scratch, filled, rank, coefficients);
    },
  };
}

/** beta2^age, but zero for rows that do not matter: all of them where c is zero. */
function setDecays({ gram, size, filled, slot }: GramView, decays: Float64Array, beta2: number): void {
  const length = Math.sqrt(gram[slot * size + slot] ?? 0);
  for (let row = 0; row < filled; row++) {
    const decay = beta2 ** ((slot - row + size) % size);
    decays[row] = length > 0 && decay * Math.sqrt(gram[row * size + row] ?? 0) > negligible * length ? decay : 0;
  }
}

/** result = (S^1/2 + epsilon I)^-1 c in the basis, where c is `row`, which is used up; both [rank]. */
function applyInverseRoot({ gram, size, filled, slot }: GramView, scratch: InverseRootScratch, rank: number, epsilon: number, result: Float64Array): void {
  const { factor, moments, diagonal, beside, lengths, row, multipliers, solution } = scratch;
  const length = Math.sqrt(gram[slot * size + slot] ?? 0);
  outerProducts(factor, size, filled, filled - rank, rank, moments);
  const kept = eliminateAbove(overwhelming * (length + epsilon), filled, size, scratch, rank);
  tridiagonalize(moments, size, kept, lengths, beside);
  for (let index = kept - 1; index > 0; index--) applyReflection(moments, size, index, lengths, row, 0);
  let trace = 0;
  for (let at = 0; at < kept; at++) trace += diagonal[at] = moments[at * size + at] ?? 0;
  const range = { epsilon, smallest: basisLength(scratch, filled, size, rank, 0) / rank, largest: Math.sqrt(trace) };
  tridiagonalRootSolve(diagonal, beside, kept, range, row, result, multipliers, solution);
  for (let index = 1; index < kept; index++) applyReflection(moments, size, index, lengths, result, 0);
  result.fill(0, kept, rank);
  shorten(result, kept, length / (length + epsilon));
}

/** How much the row behind column `at` of L added to the basis. */
function basisLength({ factor, order }: InverseRootScratch, filled: number, size: number, rank: number, at: number): number {
  return factor[(order[rank - 1 - at] ?? 0) * size + filled - rank + at] ?? 0;
}

/**
 * Takes the directions longer than `limit` out of S and c, the last columns, and returns how many are left. With D those
 * directions, the others keep S - S_D S_DD^-1 S_D^T and c - S_D S_DD^-1 c_D, as if the former were infinite.
 */
function eliminateAbove(limit: number, filled: number, size: number, scratch: InverseRootScratch, rank: number): number {
  const { moments, row } = scratch;
  let kept = rank;
  while (kept > 0 && basisLength(scratch, filled, size, rank, kept - 1) > limit) kept--;
  for (let last = rank - 1; last >= kept; last--) {
    const start = last * size;
    for (let at = 0; at < last; at++) {
      const share = (moments[start + at] ?? 0) / (moments[start + last] ?? 0);
      row[at] = (row[at] ?? 0) - share * (row[last] ?? 0);
      for (let column = 0; column <= at; column++) moments[at * size + column] = (moments[at * size + column] ?? 0) - share * (moments[start + column] ?? 0);
    }
  }
  return kept;
}

/** u is never longer than |c| / (|c| + epsilon), for S is at least c c^T. What rounding adds to that is taken away. */
function shorten(vector: Float64Array, count: number, longest: number): void {
  let squares = 0;
  for (let at = 0; at < count; at++) squares += (vector[at] ?? 0) ** 2;
  const factor = longest / Math.sqrt(squares);
  for (let at = 0; at < count && factor < 1; at++) vector[at] = (vector[at] ?? 0) * factor;
}

/** From the rows of the basis to the rows of the window, whose own coefficients include their decay. */
function spread({ order, decays, row }: InverseRootScratch, filled: number, rank: number, coefficients: Float64Array): void {
  for (let at = 0; at < rank; at++) row[at] = coefficients[at] ?? 0;
  coefficients.fill(0, 0, filled);
  for (let pivot = 0; pivot < rank; pivot++) {
    const index = order[pivot] ?? 0;
    coefficients[index] = (decays[index] ?? 0) * (row[rank - 1 - pivot] ?? 0);
  }
}
