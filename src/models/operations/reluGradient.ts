import { mul, step, tidy, type Tensor } from '@tensorflow/tfjs-core';

/** dy * [y > 0], with y the output of a ReLU: its sign is the mask. */
export function reluGradient(outputGradient: Tensor, output: Tensor): Tensor {
  return tidy(() => mul(outputGradient, step(output)));
}
