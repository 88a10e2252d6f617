/**
 * (scale S + epsilon I)^power for a positive semidefinite S [n, n] and a negative power, such as the inverse roots of Shampoo,
 * by the eigenvalues of S in float64: V diag((scale s + epsilon)^power) V^T. Eigenvalues that rounding has made negative
 * count as 0.
 */
import { gramOf, matrixOf } from '../../kernels/matrixProduct';
import { symmetricEigen } from '../../kernels/symmetricEigen';

export type EigenScratch = {
  /** Of n * n entries or more. */
  readonly square: Float64Array;
  /** Of n entries or more. */
  readonly values: Float64Array;
  readonly beside: Float64Array;
  /** For products of n. */
  readonly product: Float64Array;
};

export function symmetricPower(
  matrix: Float32Array, n: number, scale: number, epsilon: number, power: number, root: Float32Array, { square, values, beside, product }: EigenScratch,
): void {
  for (let at = 0; at < n * n; at++) square[at] = matrix[at] ?? 0;
  symmetricEigen(square, n, values, beside);
  for (let column = 0; column < n; column++) {
    const half = (scale * Math.max(0, values[column] ?? 0) + epsilon) ** (power / 2);
    for (let row = 0; row < n; row++) square[row * n + column] = half * (square[row * n + column] ?? 0);
  }
  gramOf(matrixOf(square, n, n), matrixOf(root, n, n), product);
}
