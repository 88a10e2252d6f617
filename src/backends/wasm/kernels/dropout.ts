/** Dropout whose mask is never there as a tensor; TensorFlow.js draws it number by number in JavaScript. */
import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { dropoutName } from '../../ownKernel';
import { kernel } from '../kernel';

export const dropout = kernel<Record<'x', TensorInfo>, { readonly rate: number; readonly seed: number }>(dropoutName, (heap, { x }, { rate, seed }) => {
  const out = heap.output(x.shape);
  heap.kernels.dropout(heap.address(x), heap.address(out), util.sizeFromShape(x.shape), rate, seed);
  return out;
});
