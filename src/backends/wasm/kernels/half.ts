/** PackHalf and UnpackHalf. */
import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { packHalfName, packedSize, unpackHalfName, type PackAttributes, type UnpackAttributes } from '../../halfKernels';
import { kernel } from '../kernel';

export const packHalf = kernel<Record<'x', TensorInfo>, PackAttributes>(packHalfName, (heap, { x }, { format }) => {
  const size = util.sizeFromShape(x.shape);
  const out = heap.output([packedSize(size)], 'int32');
  heap.kernels.packHalf(heap.address(x), heap.address(out), size, format === 'float16');
  return out;
});

export const unpackHalf = kernel<Record<'packed', TensorInfo>, UnpackAttributes>(unpackHalfName, (heap, { packed }, { format, shape }) => {
  const out = heap.output(shape);
  heap.kernels.unpackHalf(heap.address(packed), heap.address(out), util.sizeFromShape(out.shape), format === 'float16');
  return out;
});
