/** ReluGradient, and Select, which the stock backend takes one element at a time. */
import { Select, util, type SelectInputs, type TensorInfo } from '@tensorflow/tfjs-core';
import { reluGradientName } from '../../ownKernel';
import { kernel } from '../kernel';

export const reluGradient = kernel<Record<'dy' | 'y', TensorInfo>, unknown>(reluGradientName, (heap, { dy, y }) => {
  const out = heap.output(dy.shape);
  heap.kernels.reluGradient(heap.address(dy), heap.address(y), heap.address(out), util.sizeFromShape(dy.shape));
  return out;
});

export const select = kernel<SelectInputs, unknown>(Select, (heap, { condition, t, e }, _, stock) => {
  const isElementwise = [condition, e].every(({ shape }) => util.arraysEqual(shape, t.shape));
  if (!isElementwise || t.dtype !== e.dtype || (t.dtype !== 'float32' && t.dtype !== 'int32')) return stock();
  const out = heap.output(t.shape, t.dtype);
  heap.kernels.select(heap.address(condition), heap.address(t), heap.address(e), heap.address(out), util.sizeFromShape(t.shape));
  return out;
});
