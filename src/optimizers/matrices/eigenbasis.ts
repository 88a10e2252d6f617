/**
 * The eigenvectors of one side's statistics, as the rows of a basis, largest eigenvalue first: anew, or followed from where
 * they were by one step of orthogonal iteration, B = orthonormalRows(B (S + shift I)), which keeps every row near the one it
 * was (SOAP, arXiv 2409.11321, algorithm 4). The shift, a millionth of the largest eigenvalue, changes no eigenvector and keeps
 * rows that S says nothing about where they are.
 */
import { matrixOf, matrixProduct } from '../../kernels/matrixProduct';
import { orthonormalizeRows } from '../../kernels/orthonormalRows';
import { symmetricEigen } from '../../kernels/symmetricEigen';
import type { EigenScratch } from './symmetricPower';

const relativeShift = 1e-6;

export function findEigenbasis(statistics: Float32Array, n: number, basis: Float32Array, { square, values, beside }: EigenScratch): void {
  for (let at = 0; at < n * n; at++) square[at] = statistics[at] ?? 0;
  symmetricEigen(square, n, values, beside);
  for (let row = 0; row < n; row++) {
    for (let at = 0; at < n; at++) basis[row * n + at] = square[at * n + n - 1 - row] ?? 0;
  }
}

/** `swapped` is told of every two rows that change places, so that what is known along them can follow. */
export function followEigenbasis(
  statistics: Float32Array, n: number, basis: Float32Array, { square, values, product }: EigenScratch, swapped: (one: number, other: number) => void,
): void {
  matrixProduct(matrixOf(basis, n, n), matrixOf(statistics, n, n), matrixOf(square, n, n), product);
  for (let row = 0; row < n; row++) {
    let along = 0;
    for (let at = row * n; at < row * n + n; at++) along += (square[at] ?? 0) * (basis[at] ?? 0);
    values[row] = along;
  }
  sortRows(n, basis, square, values, swapped);
  const largest = values[0] ?? 0;
  if (!(largest > 0)) return;
  for (let at = 0; at < n * n; at++) square[at] = (square[at] ?? 0) / largest + relativeShift * (basis[at] ?? 0);
  orthonormalizeRows(square, n);
  for (let at = 0; at < n * n; at++) basis[at] = square[at] ?? 0;
}

/** Puts `values`, the eigenvalues as the basis has them, in descending order, and the rows with them. */
function sortRows(n: number, basis: Float32Array, images: Float64Array, values: Float64Array, swapped: (one: number, other: number) => void): void {
  for (let to = 0; to < n - 1; to++) {
    let largest = to;
    for (let at = to + 1; at < n; at++) if ((values[at] ?? 0) > (values[largest] ?? 0)) largest = at;
    if (largest === to) continue;
    swap(values, to, largest);
    for (let at = 0; at < n; at++) {
      swap(basis, to * n + at, largest * n + at);
      swap(images, to * n + at, largest * n + at);
    }
    swapped(to, largest);
  }
}

export function swap(array: Float32Array | Float64Array, one: number, other: number): void {
  const kept = array[one] ?? 0;
  array[one] = array[other] ?? 0;
  array[other] = kept;
}
