/**
 * Linear combinations of the rows of a window, vector = scale * sum_r weight[r] * row[r] / power[r], as operations of any
 * backend, by exact products and sums (see exactSums.ts): rows that are nearly dependent get large weights of opposite sign.
 * Sparse rows are written out in full first, a few at a time.
 */
import { add, mul, reshape, slice, tensor2d, tidy, zeros, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { foldMiddle, twoProduct, twoSum, type ExactSum } from './exactSums';
import { expanded, forRows, normalizedRows, rowsOf } from './windowRows';

export interface CombinationOptions { readonly dimension: number; readonly count: number; readonly scale: number }

/** values, indices [m, k], powers [m, 1], weights [count, 2]; [d]. */
export function sparseCombination({ values, indices, powers, weights }: Readonly<Record<'values' | 'indices' | 'powers' | 'weights', Tensor>>, options: CombinationOptions): Tensor {
  return combination(weights, options, (first, rows) => {
    const offsets = tensor2d(Int32Array.from({ length: rows }, (_, row) => row * options.dimension), [rows, 1], 'int32');
    return expanded(normalizedRows(values, powers, first, rows), rowsOf(indices, first, rows), options.dimension, offsets);
  });
}

/** values [m, d], powers [m, 1], weights [count, 2]; [d]. */
export function denseCombination({ values, powers, weights }: Readonly<Record<'values' | 'powers' | 'weights', Tensor>>, options: CombinationOptions): Tensor {
  return combination(weights, options, (first, rows) => normalizedRows(values, powers, first, rows));
}

function combination(weights: Tensor, { dimension, count, scale }: CombinationOptions, rowsAt: (first: number, rows: number) => Tensor): Tensor {
  return tidy(() => {
    let total: ExactSum = { sum: zeros([dimension]), error: zeros([dimension]) };
    forRows(count, dimension, (first, rows) => {
      const before = total;
      total = tidy(() => twoSum(before, weightedRows(rowsAt(first, rows), weights as Tensor2D, first)));
      before.sum.dispose();
      before.error.dispose();
    });
    return mul(add(total.sum, total.error), scale);
  });
}

function weightedRows(values: Tensor, weights: Tensor2D, first: number): ExactSum {
  const [rows = 1, dimension = 1] = values.shape;
  const [high, low] = [slice(weights, [first, 0], [rows, 1]), slice(weights, [first, 1], [rows, 1])];
  const { sum, error } = twoProduct(values, high);
  const shape = [1, rows, dimension];
  const folded = foldMiddle({ sum: reshape(sum, shape), error: reshape(add(error, mul(values, low)), shape) }, 1);
  return { sum: reshape(folded.sum, [dimension]), error: reshape(folded.error, [dimension]) };
}
