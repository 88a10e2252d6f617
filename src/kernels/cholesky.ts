/**
 * Cholesky factorisation in float64, row by row: A = L L^T, L lower triangular. The inner loop is a dot product of two rows
 * of L, which lie one after the other in memory. A is the leading part of a row-major matrix with `stride` columns.
 */

/**
 * Factorises a positive semidefinite `matrix` with max(damping, floor * matrix[r, r]) added to its diagonal; writes the lower
 * triangle of `factor`. Exactly, no pivot is below what was added: false when rounding took more than half of that away.
 */
export function factorizeDamped(
  matrix: Float64Array, stride: number, count: number, damping: number, floor: number, factor: Float64Array,
): boolean {
  for (let row = 0; row < count; row++) {
    const start = row * stride;
    for (let column = 0; column < row; column++) {
      const rest = (matrix[start + column] ?? 0) - rowDot(factor, start, column * stride, column);
      factor[start + column] = rest / (factor[column * stride + column] ?? 0);
    }
    const diagonal = matrix[start + row] ?? 0;
    const added = Math.max(damping, floor * diagonal);
    const pivot = diagonal + added - rowDot(factor, start, start, row);
    if (!(pivot >= 0.5 * added)) return false;
    factor[start + row] = Math.sqrt(pivot);
  }
  return true;
}

/** Solves L L^T x = e_unit, the column `unit` of the inverse; writes `solution` [count]. */
export function solveUnit(factor: Float64Array, stride: number, count: number, unit: number, solution: Float64Array): void {
  solution.fill(0, 0, count);
  solution[unit] = 1;
  for (let row = unit; row < count; row++) {
    const start = row * stride;
    let rest = solution[row] ?? 0;
    for (let column = unit; column < row; column++) rest -= (factor[start + column] ?? 0) * (solution[column] ?? 0);
    solution[row] = rest / (factor[start + row] ?? 0);
  }
  for (let row = count - 1; row >= 0; row--) {
    const start = row * stride;
    const known = (solution[row] ?? 0) / (factor[start + row] ?? 0);
    solution[row] = known;
    for (let column = 0; column < row; column++) solution[column] = (solution[column] ?? 0) - (factor[start + column] ?? 0) * known;
  }
}

/** Dot product of the first `length` entries of two rows. */
function rowDot(factor: Float64Array, first: number, second: number, length: number): number {
  let [a, b] = [0, 0];
  let at = 0;
  for (; at + 1 < length; at += 2) {
    a += (factor[first + at] ?? 0) * (factor[second + at] ?? 0);
    b += (factor[first + at + 1] ?? 0) * (factor[second + at + 1] ?? 0);
  }
  if (at < length) a += (factor[first + at] ?? 0) * (factor[second + at] ?? 0);
  return a + b;
}
