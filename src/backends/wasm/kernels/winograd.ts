/** Which convolutions are computed by 16 products in place of 36. */
import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Heap } from '../heap';
import type { ConvolutionShape } from './convolutionShape';

/** Part of the tiles' places that an image must fill: below that more products are formed in vain than are saved. */
const leastFilled = 0.7;
const fewestChannels = 8;

/** Operands must be finite, and no sum of a few of them beyond the largest number: what is none would spread over a whole tile. */
export function isWinograd(heap: Heap, shape: ConvolutionShape, isInputGradient: boolean, operands: readonly TensorInfo[]): boolean {
  return fitsWinograd(shape, isInputGradient) && operands.every(tensor => Boolean(heap.kernels.isModerate(heap.address(tensor), util.sizeFromShape(tensor.shape))));
}

/** Filters of 3 x 3 that move by one, over enough channels and places. */
export function fitsWinograd(shape: ConvolutionShape, isInputGradient: boolean): boolean {
  const { filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, inChannels, outChannels, padInfo } = shape;
  const isSimple = filterHeight === 3 && filterWidth === 3 && [strideHeight, strideWidth, dilationHeight, dilationWidth].every(each => each === 1);
  if (!isSimple || Math.min(inChannels, outChannels) < fewestChannels || padInfo.top > 2 || padInfo.left > 2) return false;
  const [height, width] = isInputGradient ? [shape.inHeight, shape.inWidth] : [shape.outHeight, shape.outWidth];
  // Four tiles lie side by side.
  return height * width >= leastFilled * 2 * Math.ceil(height / 2) * 8 * Math.ceil(width / 8);
}
