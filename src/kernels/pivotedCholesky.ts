/**
 * Cholesky factorisation of a positive semidefinite matrix with pivoting, in float64: A = L L^T, L [n, rank] (Accuracy and
 * Stability of Numerical Algorithms, 10.3). Each step takes the row with most left of it. A row of which only rounding is
 * left counts as dependent on those taken before; that is judged by its own diagonal entry, so that one large row does not
 * hide small ones. Column n - 1 - p of `factor` belongs to the p-th row taken: columns ascend from small to large.
 */
import { runDot } from './runDot';

/**
 * A = diag(weights) `matrix` diag(weights), both row-major with `stride` columns; rows count as dependent below `tolerance`
 * of their own diagonal entry. Writes the last columns of `factor`, the rows taken to `order` [n], and returns the rank.
 */
export function pivotedCholesky(
  matrix: Float64Array, stride: number, n: number, weights: Float64Array, tolerance: number, factor: Float64Array, order: Uint32Array, left: Float64Array,
): number {
  const diagonal = (row: number) => (weights[row] ?? 0) ** 2 * (matrix[row * stride + row] ?? 0);
  for (let row = 0; row < n; row++) left[row] = diagonal(row);
  for (let rank = 0; rank < n; rank++) {
    const pivot = largestOf(left, n);
    const root = Math.sqrt(left[pivot] ?? 0);
    if (root === 0) return rank;
    const column = n - 1 - rank;
    const weight = weights[pivot] ?? 0;
    order[rank] = pivot;
    for (let row = 0; row < n; row++) {
      const rest = left[row] ?? 0;
      const isOpen = rest > 0 && row !== pivot;
      const known = isOpen ? runDot(factor, row * stride + column + 1, pivot * stride + column + 1, rank) : 0;
      const entry = isOpen ? (weight * (weights[row] ?? 0) * (matrix[pivot * stride + row] ?? 0) - known) / root : 0;
      factor[row * stride + column] = row === pivot ? root : entry;
      left[row] = isOpen && rest - entry * entry > tolerance * diagonal(row) ? rest - entry * entry : 0;
    }
  }
  return n;
}

/** Solves L_1^T x = y, L_1 being the rows of L that were taken; x overwrites `vector` [rank], in the order of the columns. */
export function solveTransposed(factor: Float64Array, stride: number, n: number, order: Uint32Array, rank: number, vector: Float64Array): void {
  for (let pivot = rank - 1; pivot >= 0; pivot--) {
    const at = rank - 1 - pivot;
    const start = (order[pivot] ?? 0) * stride + n - rank;
    const solved = (vector[at] ?? 0) / (factor[start + at] ?? 0);
    vector[at] = solved;
    for (let column = at + 1; column < rank; column++) vector[column] = (vector[column] ?? 0) - solved * (factor[start + column] ?? 0);
  }
}

function largestOf(values: Float64Array, count: number): number {
  let largest = 0;
  for (let at = 1; at < count; at++) if ((values[at] ?? 0) > (values[largest] ?? 0)) largest = at;
  return largest;
}
