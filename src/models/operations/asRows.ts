/** [..., n] as [rows, n]. */
import { reshape, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { present } from './onWeights';

export function asRows(x: Tensor): Tensor2D {
  return reshape(x, [-1, present(x.shape.at(-1))]);
}
