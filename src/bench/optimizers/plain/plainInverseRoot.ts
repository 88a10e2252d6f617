/** GGT's weights: V diag(1 / (sigma + epsilon)) V^T e_slot, from the eigenvalues sigma^2 and eigenvectors V of the gram by Jacobi's rotations. */
import type { PlainRule } from './plainOptimizer';

const mostSweeps = 30;

/** For beta2 = 1, where all rows count alike. */
export function plainInverseRoot(epsilon: number): PlainRule {
  return (gram, size, count, slot) => {
    const matrix = new Float64Array(count * count);
    for (let row = 0; row < count; row++) matrix.set(gram.subarray(row * size, row * size + count), row * count);
    const vectors = diagonalize(matrix, count); // eigenvectors as rows
    const weights = new Float64Array(count);
    let largest = 0;
    for (let index = 0; index < count; index++) largest = Math.max(largest, matrix[index * count + index] ?? 0);
    for (let index = 0; index < count; index++) {
      const value = matrix[index * count + index] ?? 0;
      if (value <= 1e-14 * largest) continue;
      const factor = (vectors[index * count + slot] ?? 0) / (Math.sqrt(value) + epsilon);
      for (let row = 0; row < count; row++) weights[row] = (weights[row] ?? 0) + factor * (vectors[index * count + row] ?? 0);
    }
    return weights;
  };
}

/** Leaves the eigenvalues on the diagonal of `matrix` [n, n]; returns the eigenvectors as rows. */
function diagonalize(matrix: Float64Array, n: number): Float64Array {
  const vectors = new Float64Array(n * n);
  for (let at = 0; at < n; at++) vectors[at * n + at] = 1;
  for (let sweep = 0; sweep < mostSweeps && offDiagonal(matrix, n) > 1e-15; sweep++) {
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(matrix, vectors, n, p, q);
  }
  return vectors;
}

/** Largest entry beside the diagonal, relative to the largest on it. */
function offDiagonal(matrix: Float64Array, n: number): number {
  let [beside, on] = [0, Number.MIN_VALUE];
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < n; column++) {
      const size = Math.abs(matrix[row * n + column] ?? 0);
      if (row === column) on = Math.max(on, size);
      else beside = Math.max(beside, size);
    }
  }
  return beside / on;
}

function rotate(matrix: Float64Array, vectors: Float64Array, n: number, p: number, q: number): void {
  const entry = matrix[p * n + q] ?? 0;
  if (entry === 0) return;
  const theta = ((matrix[q * n + q] ?? 0) - (matrix[p * n + p] ?? 0)) / (2 * entry);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  turn(matrix, n, 1, p * n, q * n, c, s);
  turn(matrix, n, n, p, q, c, s);
  turn(vectors, n, 1, p * n, q * n, c, s);
}

/** Rotates two rows or columns of n entries, `step` apart, that start at `a` and `b`. */
function turn(matrix: Float64Array, n: number, step: number, a: number, b: number, c: number, s: number): void {
  for (let at = 0; at < n; at++) {
    const [x, y] = [matrix[a + at * step] ?? 0, matrix[b + at * step] ?? 0];
    matrix[a + at * step] = c * x - s * y;
    matrix[b + at * step] = s * x + c * y;
  }
}
