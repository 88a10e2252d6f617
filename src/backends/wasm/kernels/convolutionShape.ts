/** What the kernels of a convolution need to know, from the attributes that the engine passes. */
import { backend_util } from '@tensorflow/tfjs-core';

export type ConvolutionShape = ReturnType<typeof backend_util.computeConv2DInfo>;

export interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dilations?: number | [number, number];
}

/** Of tensors in NHWC. */
export function convolutionShape(inputShape: readonly number[], filterShape: readonly number[], { strides, pad, dimRoundingMode, dilations }: ConvolutionAttributes, isDepthwise = false): ConvolutionShape {
  type Shape4D = [number, number, number, number];
  return backend_util.computeConv2DInfo(inputShape as Shape4D, filterShape as Shape4D, strides, dilations ?? 1, pad, dimRoundingMode, isDepthwise);
}

/** A filter of one tap that meets every position once: the convolution is a product of matrices. */
export function isPointwise({ filterHeight, filterWidth, strideHeight, strideWidth, padInfo }: ConvolutionShape): boolean {
  return filterHeight === 1 && filterWidth === 1 && strideHeight === 1 && strideWidth === 1 && padInfo.top === 0 && padInfo.left === 0 && padInfo.bottom === 0 && padInfo.right === 0;
}
