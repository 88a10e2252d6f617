/**
 * The extreme eigenvalues of a symmetric matrix A [n, n] by the Lanczos method with full reorthogonalisation (Golub and Van
 * Loan, Matrix Computations, 10.1): k steps from a fixed start vector give a tridiagonal T [k, k] whose eigenvalues lie
 * between those of A. Up to n = k they are those of A; beyond, the largest is found well, and the smallest from above.
 *
 *   A = D M D,   M the leading part of a row-major matrix with `stride` columns, D the diagonal matrix of `weights` [n]
 *
 * Needs room for k + 1 vectors [n] and a matrix [k, k]; takes about k n^2 + 4 k^2 n multiplications.
 */
import { symmetricEigen } from '../kernels/symmetricEigen';

/** k */
const mostSteps = 32;
/** Where what is left of a vector is below this share of what it was, the space that the start vector spans is exhausted. */
const exhausted = 1e-14;

export interface LanczosRoom {
  readonly basis: Float64Array; // [k, n], orthonormal rows
  readonly next: Float64Array; // [n]
  readonly tridiagonal: Float64Array; // [k, k]
  readonly values: Float64Array; // [k]
  readonly scratch: Float64Array; // [k]
}

/** Room for a matrix of up to `size` rows; `take` gives so many entries of whatever content. */
export function lanczosRoom(size: number, take: (length: number) => Float64Array): LanczosRoom {
  const steps = Math.min(size, mostSteps);
  return { basis: take(steps * size), next: take(size), tridiagonal: take(steps * steps), values: take(steps), scratch: take(steps) };
}

export function eigenvalueRange(
  matrix: Float64Array, stride: number, n: number, weights: Float64Array, room: LanczosRoom,
): { readonly smallest: number; readonly largest: number } {
  const steps = Math.min(n, mostSteps);
  const { basis, next, tridiagonal, values, scratch } = room;
  startVector(basis, n);
  tridiagonal.fill(0);
  let taken = 0;
  let beta = 0;
  while (taken < steps) {
    if (taken > 0) {
      for (let at = 0; at < n; at++) basis[taken * n + at] = (next[at] ?? 0) / beta;
      tridiagonal[taken * steps + taken - 1] = tridiagonal[(taken - 1) * steps + taken] = beta;
    }
    product(matrix, stride, n, weights, basis, taken * n, next);
    const before = Math.sqrt(dot(next, 0, next, 0, n));
    tridiagonal[taken * steps + taken] = dot(next, 0, basis, taken * n, n);
    taken++;
    // Twice is enough: what the first pass leaves of a nearly dependent vector is mostly rounding.
    for (let pass = 0; pass < 2; pass++) for (let row = 0; row < taken; row++) subtractAlong(next, basis, row * n, n);
    beta = Math.sqrt(dot(next, 0, next, 0, n));
    if (beta <= exhausted * before) break;
  }
  pack(tridiagonal, steps, taken);
  symmetricEigen(tridiagonal, taken, values, scratch);
  return { smallest: values[0] ?? 0, largest: values[taken - 1] ?? 0 };
}

/** Unlike any eigenvector of a real gram: entries of both signs without a pattern, of length 1. */
function startVector(basis: Float64Array, n: number): void {
  for (let at = 0; at < n; at++) basis[at] = Math.sin(1 + 12.9898 * (at + 1) ** 1.5);
  const length = Math.sqrt(dot(basis, 0, basis, 0, n));
  for (let at = 0; at < n; at++) basis[at] = (basis[at] ?? 0) / length;
}

/** result = D M D v, v [n] at `from`. */
function product(matrix: Float64Array, stride: number, n: number, weights: Float64Array, vectors: Float64Array, from: number, result: Float64Array): void {
  for (let row = 0; row < n; row++) {
    let sum = 0;
    for (let column = 0; column < n; column++) sum += (matrix[row * stride + column] ?? 0) * (weights[column] ?? 0) * (vectors[from + column] ?? 0);
    result[row] = sum * (weights[row] ?? 0);
  }
}

function subtractAlong(vector: Float64Array, basis: Float64Array, from: number, n: number): void {
  const along = dot(vector, 0, basis, from, n);
  for (let at = 0; at < n; at++) vector[at] = (vector[at] ?? 0) - along * (basis[from + at] ?? 0);
}

function dot(a: Float64Array, fromA: number, b: Float64Array, fromB: number, n: number): number {
  let sum = 0;
  for (let at = 0; at < n; at++) sum += (a[fromA + at] ?? 0) * (b[fromB + at] ?? 0);
  return sum;
}

/** The leading part [n, n] of a matrix with `stride` columns, without gaps. */
function pack(matrix: Float64Array, stride: number, n: number): void {
  for (let row = 1; row < n; row++) matrix.copyWithin(row * n, row * stride, row * stride + n);
}
