/**
 * Rows of a table by number: y [..., width] = scale * table[indices], with indices [...] and table [rows, width]. Kept: the indices.
 * The gradient of the table is scale times the sum of dy over the places that named each row.
 */
import { cast, gather, mul, reshape, tidy, unsortedSegmentSum, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { sizeOf } from '../model';
import { present, type WeightedOperation } from './onWeights';

/** Weights: the table. */
export function embedding(scale = 1): WeightedOperation {
  return {
    weights: 1,
    keeps: ([isTrained]) => ({ inputs: isTrained === true ? [0] : [], output: false, extras: false }),
    forward: ([indices], [table]) => ({ output: rowsOf(present(table), present(indices), scale) }),
    backward(outputGradient, kept, [table], wanted) {
      if (wanted.weights[0] !== true) return { inputs: [undefined], weights: [undefined] };
      const [rows = 0, width = 0] = present(table).shape;
      return { inputs: [undefined], weights: [unsortedSegmentSum(reshape(scaled(outputGradient, scale), [-1, width]), flat(present(kept.inputs[0])), rows)] };
    },
    flops: (_, output) => (scale === 1 ? 0 : sizeOf(output)),
  };
}

export function rowsOf(table: Tensor, indices: Tensor, scale: number): Tensor {
  return tidy(() => scaled(reshape(gather(table, flat(indices)), [...indices.shape, present(table.shape[1])]), scale));
}

function scaled(x: Tensor, scale: number): Tensor {
  return scale === 1 ? x : mul(x, scale);
}

function flat(indices: Tensor): Tensor1D {
  return reshape(indices.dtype === 'int32' ? indices : cast(indices, 'int32'), [indices.size]);
}
