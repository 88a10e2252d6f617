/**
 * Two-dimensional convolution y = [ReLU](x * filter [+ bias]), with x [batch, height, width, channels], filter
 * [rows, columns, channels, filters], bias [filters]. Kept: x where the filter is trained and, under ReLU, y, whose sign is its mask:
 * 4 * batch * (height * width * channels + height' * width' * filters) bytes, of which x is usually the y of another node.
 * dz = dy * [y > 0]; the gradients are convolutions of dz with the filter and of x with dz; the bias's is the sum of dz.
 */
import { sum, type Tensor } from '@tensorflow/tfjs-core';
import { sizeOf } from '../model';
import { asDilated, ofDilated } from './dilatedFilter';
import { present, type WeightedOperation } from './onWeights';
import { reluGradient } from './reluGradient';
import { runKernel } from './runKernel';

export interface ConvolutionOptions {
  readonly strides: readonly [number, number];
  readonly pad: 'same' | 'valid';
  readonly dilations: readonly [number, number];
  readonly hasBias: boolean;
  readonly relu: boolean;
}

/** Weights: the filter and, with `hasBias`, the bias. */
export function convolution(options: ConvolutionOptions): WeightedOperation {
  const { strides, pad, dilations, hasBias, relu } = options;
  const attributes = { strides, pad, dataFormat: 'NHWC', dimRoundingMode: undefined };
  return {
    weights: hasBias ? 2 : 1,
    keeps: ([isFilterTrained]) => ({ inputs: isFilterTrained === true ? [0] : [], output: relu, extras: false }),
    forward: ([x], [filter, bias]) => ({
      output: hasBias || relu
        ? runKernel('FusedConv2D', { x, filter, ...(hasBias ? { bias } : {}) }, { ...attributes, dilations, activation: relu ? 'relu' : 'linear' })
        : runKernel('Conv2D', { x, filter }, { ...attributes, dilations }),
    }),
    backward(outputGradient, kept, [filter], wanted) {
      const dz = relu ? reluGradient(outputGradient, present(kept.output)) : outputGradient;
      const dilated = asDilated(present(filter), dilations);
      const inputShape = present(kept.inputShapes[0]);
      const filterGradient = (x: Tensor) => ofDilated(runKernel('Conv2DBackpropFilter', { x, dy: dz }, { ...attributes, filterShape: dilated.shape }), dilations);
      return {
        inputs: [wanted.inputs[0] === true ? runKernel('Conv2DBackpropInput', { dy: dz, filter: dilated }, { ...attributes, inputShape }) : undefined],
        weights: [
          wanted.weights[0] === true ? filterGradient(present(kept.inputs[0])) : undefined,
          wanted.weights[1] === true ? sum(dz, [0, 1, 2]) : undefined,
        ],
      };
    },
    flops: (_, output, [filter = []]) => {
      const [rows = 0, columns = 0, channels = 0] = filter;
      return sizeOf(output) * (2 * rows * columns * channels + (hasBias ? 1 : 0) + (relu ? 1 : 0));
    },
  };
}
