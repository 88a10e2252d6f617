/**
 * Cholesky factorisation in float64, row by row: A = L L^T, L lower triangular. The inner loop is a dot product of two rows
 * of L, which lie one after the other in memory. A is the leading part of a row-major matrix with `stride` columns.
 */
import { runDot } from './runDot';

/**
 * Factorises a positive semidefinite `matrix` with `added` [count] on its diagonal; writes the lower triangle of `factor`.
 * Exactly, no pivot is below what was added: false when rounding took more than half of that away.
 */
export function factorizeDamped(matrix: Float64Array, stride: number, count: number, added: Float64Array, factor: Float64Array): boolean {
  for (let row = 0; row < count; row++) {
    const start = row * stride;
    for (let column = 0; column < row; column++) {
      const rest = (matrix[start + column] ?? 0) - runDot(factor, start, column * stride, column);
      factor[start + column] = rest / (factor[column * stride + column] ?? 0);
    }
    const damping = added[row] ?? 0;
    const pivot = (matrix[start + row] ?? 0) + damping - runDot(factor, start, start, row);
    if (!(pivot >= 0.5 * damping)) return false;
    factor[start + row] = Math.sqrt(pivot);
  }
  return true;
}

/** Replaces the lower triangle L of `matrix` by the whole of (L L^T)^-1; `scratch` [count]. */
export function invertFactor(matrix: Float64Array, stride: number, count: number, scratch: Float64Array): void {
  for (let row = 0; row < count; row++) invertRow(matrix, stride, row, scratch);
  for (let row = 0; row < count; row++) addOuterProduct(matrix, stride, row, scratch);
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < row; column++) matrix[column * stride + row] = matrix[row * stride + column] ?? 0;
  }
}

/** Row `row` of X = L^-1, the rows before it being of X already: x_ij = -sum_k l_ik x_kj / l_ii. */
function invertRow(matrix: Float64Array, stride: number, row: number, sums: Float64Array): void {
  const start = row * stride;
  sums.fill(0, 0, row);
  for (let above = 0; above < row; above++) addScaledRow(matrix, above * stride, above + 1, matrix[start + above] ?? 0, sums);
  const inverse = 1 / (matrix[start + row] ?? 0);
  for (let column = 0; column < row; column++) matrix[start + column] = -inverse * (sums[column] ?? 0);
  matrix[start + row] = inverse;
}

/** Adds x x^T of row x to the rows up to it: the rows of X^T X grow where the rows of X have been used up. */
function addOuterProduct(matrix: Float64Array, stride: number, row: number, x: Float64Array): void {
  for (let column = 0; column <= row; column++) {
    x[column] = matrix[row * stride + column] ?? 0;
    matrix[row * stride + column] = 0;
  }
  for (let to = 0; to <= row; to++) {
    const factor = x[to] ?? 0;
    const start = to * stride;
    for (let column = 0; column <= to; column++) matrix[start + column] = (matrix[start + column] ?? 0) + factor * (x[column] ?? 0);
  }
}

function addScaledRow(matrix: Float64Array, start: number, length: number, factor: number, sums: Float64Array): void {
  for (let at = 0; at < length; at++) sums[at] = (sums[at] ?? 0) + factor * (matrix[start + at] ?? 0);
}
