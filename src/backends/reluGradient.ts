/**
 * The gradient of a ReLU: dy where y, its output, is positive, else zero. A backend may have a kernel for it, with inputs dy and y, both
 * float32 of one shape; elsewhere it is TensorFlow.js's own product with step(y), which on tensorflow takes nine times as long as the
 * kernel. Bytes: the result; composed, another of its size.
 */
import { mul, step, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { ownKernel } from './ownKernel';

export const reluGradientName = 'ReluGradient';

export function reluGradient(dy: Tensor, y: Tensor): Tensor {
  return (ownKernel(reluGradientName, { dy, y }, {}) as Tensor | undefined) ?? tidy(() => mul(dy, step(y)));
}
