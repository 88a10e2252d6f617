/** The gradients of pooling, each window once; the stock kernels look at every window from every place. */
import { AvgPoolGrad, MaxPoolGrad, backend_util, util, type AvgPoolGradAttrs, type AvgPoolGradInputs, type MaxPoolGradAttrs, type MaxPoolGradInputs, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Heap } from '../heap';
import { kernel } from '../kernel';

export const maxPoolGrad = kernel<MaxPoolGradInputs, MaxPoolGradAttrs>(MaxPoolGrad, (heap, { dy, input }, attributes, stock) => (
  input.dtype === 'float32' ? gradient(heap, dy, input, attributes, true) : stock()
));

export const avgPoolGrad = kernel<AvgPoolGradInputs, AvgPoolGradAttrs>(AvgPoolGrad, (heap, { dy, input }, attributes) => gradient(heap, dy, input, attributes, false));

function gradient(heap: Heap, dy: TensorInfo, input: TensorInfo, { filterSize, strides, pad, ...rest }: MaxPoolGradAttrs | AvgPoolGradAttrs, isLargest: boolean): TensorInfo {
  const rounding = 'dimRoundingMode' in rest ? rest.dimRoundingMode : undefined;
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth, padInfo } =
    backend_util.computePool2DInfo(input.shape as [number, number, number, number], filterSize, strides, 1, pad, rounding);
  const out = heap.zeros(input.shape, 'float32');
  if (util.sizeFromShape(out.shape) === 0) return out;
  heap.kernels.poolingGradient(
    isLargest ? heap.address(input) : 0, heap.address(dy), heap.address(out), batchSize, inHeight, inWidth, inChannels, outHeight, outWidth,
    filterHeight, filterWidth, strideHeight, strideWidth, padInfo.top, padInfo.left,
  );
  return out;
}
