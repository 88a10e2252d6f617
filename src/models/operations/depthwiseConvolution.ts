/**
 * Depthwise convolution y = [ReLU](x * filter [+ bias]), each channel with filters of its own: x [batch, height, width, channels],
 * filter [rows, columns, channels, multiplier], y and bias with channels * multiplier channels. Kept: x where the filter is trained
 * and, under ReLU, y.
 */
import { sum } from '@tensorflow/tfjs-core';
import { sizeOf } from '../model';
import type { ConvolutionOptions } from './convolution';
import { asDilated, ofDilated } from './dilatedFilter';
import { present, type WeightedOperation } from './onWeights';
import { reluGradient } from './reluGradient';
import { runKernel } from './runKernel';

/** Weights: the filter and, with `hasBias`, the bias. */
export function depthwiseConvolution({ strides, pad, dilations, hasBias, relu }: ConvolutionOptions): WeightedOperation {
  const attributes = { strides, pad, dataFormat: 'NHWC', dimRoundingMode: undefined };
  // Of the gradients; their filter holds the dilation itself.
  const whole = { ...attributes, dilations: [1, 1] };
  return {
    weights: hasBias ? 2 : 1,
    keeps: ([isFilterTrained]) => ({ inputs: isFilterTrained === true ? [0] : [], output: relu, extras: false }),
    forward: ([x], [filter, bias]) => ({
      output: hasBias || relu
        ? runKernel('FusedDepthwiseConv2D', { x, filter, ...(hasBias ? { bias } : {}) }, { ...attributes, dilations, activation: relu ? 'relu' : 'linear' })
        : runKernel('DepthwiseConv2dNative', { x, filter }, { ...attributes, dilations }),
    }),
    backward(outputGradient, kept, [filter], wanted) {
      const dz = relu ? reluGradient(outputGradient, present(kept.output)) : outputGradient;
      const dilated = asDilated(present(filter), dilations);
      const inputShape = present(kept.inputShapes[0]);
      return {
        inputs: [wanted.inputs[0] === true ? runKernel('DepthwiseConv2dNativeBackpropInput', { dy: dz, filter: dilated }, { ...whole, inputShape }) : undefined],
        weights: [
          wanted.weights[0] === true
            ? ofDilated(runKernel('DepthwiseConv2dNativeBackpropFilter', { x: present(kept.inputs[0]), dy: dz }, { ...whole, filterShape: dilated.shape }), dilations)
            : undefined,
          wanted.weights[1] === true ? sum(dz, [0, 1, 2]) : undefined,
        ],
      };
    },
    flops: (_, output, [filter = []]) => sizeOf(output) * (2 * (filter[0] ?? 0) * (filter[1] ?? 0) + (hasBias ? 1 : 0) + (relu ? 1 : 0)),
  };
}
