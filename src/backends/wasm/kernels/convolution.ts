/** Conv2D and its gradient to the input: one kernel, whose row mapping is turned around for the gradient. */
import { Conv2D, Conv2DBackpropInput, util, type Conv2DBackpropInputInputs, type Conv2DInputs, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Heap } from '../heap';
import { kernel } from '../kernel';
import { conv2dChannelsFirst, inputGradientChannelsFirst } from './channelsFirst';
import { convolutionShape, isPointwise, type ConvolutionAttributes, type ConvolutionShape } from './convolutionShape';
import { multiply } from './matMul';
import { isWinograd } from './winograd';

export const conv2d = kernel<Conv2DInputs, ConvolutionAttributes>(Conv2D, (heap, { x, filter }, attributes, stock) => {
  if (x.dtype !== 'float32' || filter.dtype !== 'float32') return stock();
  if (attributes.dataFormat === 'NCHW') return conv2dChannelsFirst(x, filter, attributes);
  const shape = convolutionShape(x.shape, filter.shape, attributes);
  return convolve(heap, x, filter, heap.output(shape.outShape), shape, false);
});

export const conv2dInputGradient = kernel<Conv2DBackpropInputInputs, ConvolutionAttributes & { readonly inputShape: readonly number[] }>(Conv2DBackpropInput, (heap, { dy, filter }, attributes, stock) => {
  if (dy.dtype !== 'float32' || filter.dtype !== 'float32') return stock();
  if (attributes.dataFormat === 'NCHW') return inputGradientChannelsFirst(dy, filter, attributes);
  const shape = convolutionShape(attributes.inputShape, filter.shape, attributes);
  // The engine's conv2dTranspose takes a dy of another shape than the convolution would have; only a part of it is used then.
  if (!util.arraysEqual(dy.shape, shape.outShape)) return stock();
  return convolve(heap, dy, filter, heap.output(shape.inShape), shape, true);
});

function convolve(heap: Heap, input: TensorInfo, filter: TensorInfo, out: TensorInfo, shape: ConvolutionShape, isGradient: boolean): TensorInfo {
  if (util.sizeFromShape(out.shape) === 0) return out;
  const [batch, inHeight, inWidth, inChannels] = input.shape as [number, number, number, number];
  const [, outHeight, outWidth, outChannels] = out.shape as [number, number, number, number];
  const { filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo } = shape;
  // Sums of nothing.
  if (inChannels === 0) {
    heap.release(out);
    return heap.zeros(out.shape, 'float32');
  }
  const [source, weights, target] = [heap.address(input), heap.address(filter), heap.address(out)];
  if (isPointwise(shape)) {
    multiply(heap, source, weights, target, { aCount: 1, bCount: 1, batch: 1, rows: batch * outHeight * outWidth, columns: outChannels, depth: inChannels, transposeA: false, transposeB: isGradient });
    return out;
  }
  const { kernels } = heap;
  if (isWinograd(heap, shape, isGradient, [filter, input])) {
    const [top, left] = isGradient ? [2 - padInfo.top, 2 - padInfo.left] : [padInfo.top, padInfo.left];
    heap.withScratch(kernels.winogradScratch(inWidth, inChannels, outHeight, outWidth, outChannels, left), address => {
      kernels.winograd(source, weights, target, batch, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, top, left, isGradient, address);
    });
    return out;
  }
  const scratch = kernels.convolutionScratch(inWidth, inChannels, outWidth, outChannels, filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo.left, isGradient);
  heap.withScratch(scratch, address => {
    kernels.convolution(
      source, weights, target, batch, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels,
      filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo.top, padInfo.left, isGradient, address,
    );
  });
  return out;
}
