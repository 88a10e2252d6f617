/** The gradients of a depthwise convolution, both of which the stock backend lacks. The engine has them in NHWC only. */
import {
  DepthwiseConv2dNativeBackpropFilter, DepthwiseConv2dNativeBackpropInput, util,
  type DepthwiseConv2dNativeBackpropFilterInputs, type DepthwiseConv2dNativeBackpropInputInputs,
} from '@tensorflow/tfjs-core';
import { kernel } from '../kernel';
import { convolutionShape, type ConvolutionAttributes, type ConvolutionShape } from './convolutionShape';

type FilterAttributes = ConvolutionAttributes & { readonly filterShape: readonly number[] };
type InputAttributes = ConvolutionAttributes & { readonly inputShape: readonly number[] };

export const depthwiseFilterGradient = kernel<DepthwiseConv2dNativeBackpropFilterInputs, FilterAttributes>(DepthwiseConv2dNativeBackpropFilter, (heap, { x, dy }, attributes) => {
  const shape = convolutionShape(x.shape, attributes.filterShape, attributes, true);
  const out = heap.output(attributes.filterShape);
  if (util.sizeFromShape(out.shape) === 0) return out;
  heap.kernels.depthwiseFilterGradient(heap.address(x), heap.address(dy), heap.address(out), ...sizes(shape), ...taps(shape));
  return out;
});

export const depthwiseInputGradient = kernel<DepthwiseConv2dNativeBackpropInputInputs, InputAttributes>(DepthwiseConv2dNativeBackpropInput, (heap, { dy, filter }, attributes) => {
  const shape = convolutionShape(attributes.inputShape, filter.shape, attributes, true);
  const out = heap.output(attributes.inputShape);
  if (util.sizeFromShape(out.shape) === 0) return out;
  heap.withScratch(shape.filterHeight * shape.filterWidth * 8, scratch => {
    heap.kernels.depthwiseInputGradient(heap.address(dy), heap.address(filter), heap.address(out), ...sizes(shape), ...taps(shape), scratch);
  });
  return out;
});

function sizes({ batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels }: ConvolutionShape): [number, number, number, number, number, number, number] {
  return [batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels / inChannels];
}

function taps({ filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo }: ConvolutionShape): [number, number, number, number, number, number, number, number] {
  return [filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo.top, padInfo.left];
}
