/** The Gaussian error linear unit and its gradient in one pass each. */
import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { geluGradientName, geluName } from '../../sequenceKernels';
import { kernel } from '../kernel';

export const gelu = kernel<Record<'x', TensorInfo>, unknown>(geluName, (heap, { x }) => {
  const out = heap.output(x.shape);
  heap.kernels.gelu(heap.address(x), heap.address(out), util.sizeFromShape(x.shape));
  return out;
});

export const geluGradient = kernel<Record<'dy' | 'x', TensorInfo>, unknown>(geluGradientName, (heap, { dy, x }) => {
  const out = heap.output(x.shape);
  heap.kernels.geluGradient(heap.address(dy), heap.address(x), heap.address(out), util.sizeFromShape(x.shape));
  return out;
});
