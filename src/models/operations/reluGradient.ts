import { mul, step, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { ownKernel, reluGradientName } from '../../backends/ownKernel';

/** dy * [y > 0], with y the output of a ReLU: its sign is the mask. The product with step(y) takes nine times as long on tensorflow as its kernel. */
export function reluGradient(outputGradient: Tensor, output: Tensor): Tensor {
  return (ownKernel(reluGradientName, { dy: outputGradient, y: output }, {}) as Tensor | undefined) ?? tidy(() => mul(outputGradient, step(output)));
}
