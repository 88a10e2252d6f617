/** The vector at the first position of each sequence: y = x[:, 0], from x [batch, length, width] to y [batch, width]. Keeps nothing; dx is dy there and zero elsewhere. */
import { pad, reshape, slice, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Operation } from '../model';
import { present } from './onWeights';

export function firstPosition(): Operation {
  return {
    keeps: { inputs: [], output: false, extras: false },
    forward: ([x]) => ({ output: firstOf(present(x)) }),
    backward(outputGradient, { inputShapes: [shape] }) {
      const [batch = 0, length = 0, width = 0] = present(shape);
      return { inputs: [pad(reshape(outputGradient, [batch, 1, width]), [[0, 0], [0, length - 1], [0, 0]])], parameters: [] };
    },
    flops: () => 0,
  };
}

export function firstOf(x: Tensor): Tensor {
  const [batch = 0, , width = 0] = x.shape;
  return tidy(() => reshape(slice(x, [0, 0, 0], [batch, 1, width]), [batch, width]));
}
