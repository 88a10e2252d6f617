/**
 * The nearest matrix with orthonormal rows or columns, roughly: X = M / |M|, then five times
 *
 *   X = a X + (b X X^T + c (X X^T)^2) X,   (a, b, c) = (3.4445, -4.7750, 2.0315)
 *
 * which brings every singular value that is not tiny into about [0.7, 1.2] (Muon, 2024; arXiv 2502.16982). It is
 * computed from the shorter side s, in place; scratch holds two matrices [s, s].
 */
import { gramOf, matrixOf, matrixProduct, transposed, type Matrix } from './matrixProduct';

const [a, b, c] = [3.4445, -4.775, 2.0315];
const steps = 5;

export type NewtonSchulzScratch = {
  /** Of s * s entries or more. */
  readonly square: Float32Array;
  readonly polynomial: Float32Array;
  /** For products of the longer side. */
  readonly product: Float64Array;
};

/** `matrix` has a Euclidean length of at most 1. */
export function newtonSchulz(matrix: Matrix, { square, polynomial, product }: NewtonSchulzScratch): void {
  const tall = matrix.rows >= matrix.columns ? matrix : transposed(matrix);
  const side = tall.columns;
  const [gram, factor] = [matrixOf(square, side, side), matrixOf(polynomial, side, side)];
  for (let step = 0; step < steps; step++) {
    gramOf(transposed(tall), gram, product);
    for (let at = 0; at < side * side; at++) polynomial[at] = square[at] ?? 0;
    gramOf(gram, factor, product, c, b);
    matrixProduct(tall, factor, tall, product, 1, a);
  }
}
