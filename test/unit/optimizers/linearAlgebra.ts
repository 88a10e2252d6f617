/** Slow and obvious linear algebra, to check the optimizers against. */
import { dot } from '../kernels/randomVector';

/** Solves matrix x = right by Gaussian elimination with pivoting. */
export function gaussianSolve(matrix: readonly Float64Array[], right: Float64Array): Float64Array {
  const rows = matrix.map((row, index) => [...row, right[index]!]);
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    const below = rows.slice(column).map(row => Math.abs(row[column]!));
    const pivot = column + below.indexOf(Math.max(...below));
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const factor = rows[row]![column]! / rows[column]![column]!;
      for (let at = column; at <= size; at++) rows[row]![at]! -= factor * rows[column]![at]!;
    }
  }
  return Float64Array.from(rows, (row, index) => row[size]! / row[index]!);
}

/** G G^T of the rows of a row-major matrix. */
export function explicitGram(rows: Float32Array, count: number): Float64Array {
  const dimension = rows.length / count;
  const row = (index: number) => rows.subarray(index * dimension, (index + 1) * dimension);
  return Float64Array.from({ length: count * count }, (_, at) => dot(row(Math.floor(at / count)), row(at % count)));
}
