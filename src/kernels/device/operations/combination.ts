/**
 * Linear combinations of the rows of a window, vector = scale * sum_r weight[r] * row[r] / power[r], as operations of any
 * backend, by exact products and sums (see exactSums.ts): rows that are nearly dependent get large weights of opposite sign.
 * Sparse rows are weighted first and then written out in full, a few at a time.
 */
import { add, mul, reshape, slice, tensor2d, tidy, zeros, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { foldMiddle, twoProduct, twoSum, type ExactSum } from './exactSums';
import { expanded, forRows, normalizedRows, rowsOf } from './windowRows';

export interface CombinationOptions { readonly dimension: number; readonly count: number; readonly scale: number }

/** values, indices [m, k], powers [m, 1], weights [count, 2]; [d]. */
export function sparseCombination({ values, indices, powers, weights }: Readonly<Record<'values' | 'indices' | 'powers' | 'weights', Tensor>>, options: CombinationOptions): Tensor {
  return combination(options, (first, rows) => {
    const offsets = tensor2d(Int32Array.from({ length: rows }, (_, row) => row * options.dimension), [rows, 1], 'int32');
    const inFull = (entries: Tensor) => expanded(entries as Tensor2D, rowsOf(indices, first, rows), options.dimension, offsets);
    const { sum, error } = weighted(normalizedRows(values, powers, first, rows), weights as Tensor2D, first);
    return { sum: inFull(sum), error: inFull(error) };
  });
}

/** values [m, d], powers [m, 1], weights [count, 2]; [d]. */
export function denseCombination({ values, powers, weights }: Readonly<Record<'values' | 'powers' | 'weights', Tensor>>, options: CombinationOptions): Tensor {
  return combination(options, (first, rows) => weighted(normalizedRows(values, powers, first, rows), weights as Tensor2D, first));
}

/** `weightedRows` gives some rows times their weights, [rows, d]. */
function combination({ dimension, count, scale }: CombinationOptions, weightedRows: (first: number, rows: number) => ExactSum): Tensor {
  return tidy(() => {
    let total: ExactSum = { sum: zeros([dimension]), error: zeros([dimension]) };
    forRows(count, dimension, (first, rows) => {
      const before = total;
      total = tidy(() => twoSum(before, sumOfRows(weightedRows(first, rows))));
      before.sum.dispose();
      before.error.dispose();
    });
    return mul(add(total.sum, total.error), scale);
  });
}

/** Rows [rows, n] times their weights, exactly. */
function weighted(values: Tensor2D, weights: Tensor2D, first: number): ExactSum {
  const rows = values.shape[0];
  const [high, low] = [slice(weights, [first, 0], [rows, 1]), slice(weights, [first, 1], [rows, 1])];
  const { sum, error } = twoProduct(values, high);
  return { sum, error: add(error, mul(values, low)) };
}

function sumOfRows({ sum, error }: ExactSum): ExactSum {
  const [rows = 1, dimension = 1] = sum.shape;
  const folded = foldMiddle({ sum: reshape(sum, [1, rows, dimension]), error: reshape(error, [1, rows, dimension]) }, 1);
  return { sum: reshape(folded.sum, [dimension]), error: reshape(folded.error, [dimension]) };
}
