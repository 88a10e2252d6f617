/** Conv2DBackpropFilter, which the stock backend lacks. */
import { Conv2DBackpropFilter, util, type Conv2DBackpropFilterInputs } from '@tensorflow/tfjs-core';
import { kernel } from '../kernel';
import { filterGradientChannelsFirst } from './channelsFirst';
import { convolutionShape, isPointwise, type ConvolutionAttributes } from './convolutionShape';
import { multiply } from './matMul';
import { isWinograd } from './winograd';

export const conv2dFilterGradient = kernel<Conv2DBackpropFilterInputs, ConvolutionAttributes & { readonly filterShape: readonly number[] }>(Conv2DBackpropFilter, (heap, { x, dy }, attributes) => {
  if (attributes.dataFormat === 'NCHW') return filterGradientChannelsFirst(x, dy, attributes);
  const shape = convolutionShape(x.shape, attributes.filterShape, attributes);
  const out = heap.output(attributes.filterShape);
  if (util.sizeFromShape(out.shape) === 0) return out;
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo } = shape;
  const [source, gradient, target] = [heap.address(x), heap.address(dy), heap.address(out)];
  if (isPointwise(shape)) {
    multiply(heap, source, gradient, target, { aCount: 1, bCount: 1, batch: 1, rows: inChannels, columns: outChannels, depth: batchSize * outHeight * outWidth, transposeA: true, transposeB: false });
    return out;
  }
  const { kernels } = heap;
  if (inChannels % 4 === 0 && outChannels % 8 === 0 && isWinograd(heap, shape, false, [x, dy])) {
    heap.withScratch(kernels.winogradFilterGradientScratch(inChannels, outWidth, outChannels), scratch => {
      kernels.winogradFilterGradient(source, gradient, target, batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo.top, padInfo.left, scratch);
    });
    return out;
  }
  heap.withScratch(kernels.filterGradientScratch(inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, filterHeight, strideHeight, dilationHeight), scratch => {
    kernels.filterGradient(
      source, gradient, target, batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels,
      filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo.top, padInfo.left, scratch,
    );
  });
  return out;
});
