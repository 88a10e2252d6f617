/**
 * Rows of a table by number: y [..., width] = table[indices], with indices [...] and table [rows, width]. Kept: the indices.
 * The gradient of the table is the sum of dy over the places that named each row.
 */
import { cast, gather, reshape, unsortedSegmentSum, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { present, type WeightedOperation } from './onWeights';

/** Weights: the table. */
export function embedding(): WeightedOperation {
  return {
    weights: 1,
    keeps: ([isTrained]) => ({ inputs: isTrained === true ? [0] : [], output: false, extras: false }),
    forward: ([indices], [table]) => ({ output: reshape(gather(present(table), flat(present(indices))), [...present(indices).shape, present(present(table).shape[1])]) }),
    backward(outputGradient, kept, [table], wanted) {
      if (wanted.weights[0] !== true) return { inputs: [undefined], weights: [undefined] };
      const [rows = 0, width = 0] = present(table).shape;
      return { inputs: [undefined], weights: [unsortedSegmentSum(reshape(outputGradient, [-1, width]), flat(present(kept.inputs[0])), rows)] };
    },
    flops: () => 0,
  };
}

function flat(indices: Tensor): Tensor1D {
  return reshape(indices.dtype === 'int32' ? indices : cast(indices, 'int32'), [indices.size]);
}
