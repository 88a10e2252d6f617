/** Maximum over windows of `size` by `size`, stride `size`. Kept for backward: input and output, to find each maximum again. */
import { engine, maxPool, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import type { Layer } from './chain';

export function maxPooling(name: string, size: number): Layer {
  return {
    name,
    parameters: [],
    operation: {
      keeps: { inputs: [0], output: true, extras: false },
      forward: ([input]) => ({ output: maxPool(input as Tensor4D, size, size, 'valid') }),
      backward: (dy, { inputs: [input], output }) => ({
        inputs: [engine().runKernel<Tensor>('MaxPoolGrad', { dy, input: input as Tensor, output: output as Tensor }, { filterSize: size, strides: size, pad: 'valid' })],
        parameters: [],
      }),
    },
  };
}
