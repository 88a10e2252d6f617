/**
 * Lightweight convolution (arXiv 1901.10430, section 3): all positions are read by the same kernels, one a head,
 *
 *   p = DropConnect(softmax over the taps of w),   y = the convolution of m x by p (`sequenceConvolution.ts`)
 *
 * with x and y [batch, length, channels], w [heads, taps] and m [batch, length] 0 at padding. Kept: x where w is trained, and m where
 * there is one. dw is the softmax's gradient of the sum of dp over all positions; dx = m (dx of the convolution).
 */
import { reshape, softmax, sum, tidy, tile, zeros, type Tensor } from '@tensorflow/tfjs-core';
import { sizeOf } from '../model';
import { thinned } from './dropout';
import { masked, type DynamicConvolutionOptions } from './dynamicConvolution';
import { present, type WeightedOperation } from './onWeights';
import { convolveSequence, leftTaps, sequenceConvolutionGradients } from './sequenceConvolution';
import { softmaxGradient } from './softmaxGradient';

export type LightweightConvolutionOptions = Omit<DynamicConvolutionOptions, 'heads'>;

/** Weights: w. */
export function lightweightConvolution({ taps, padding, weightDropout, isMasked, path }: LightweightConvolutionOptions): WeightedOperation {
  const left = leftTaps(taps, padding);
  return {
    weights: 1,
    keeps: ([isTrained]) => ({ inputs: [...isTrained === true ? [0] : [], ...isMasked ? [1] : []], output: false, extras: false }),
    forward: ([x, mask], [weight], pass) => ({
      output: tidy(() => {
        const kernels = softmax(present(weight));
        const dropped = pass.training ? thinned(kernels, weightDropout, pass.seed) : kernels;
        return convolveSequence(masked(present(x), mask), atAllPositions(dropped, present(x).shape), left, path);
      }),
    }),
    backward(outputGradient, { inputs: [x, mask], seed, inputShapes }, [weight], wanted) {
      const shape = present(inputShapes[0]);
      const isTrained = wanted.weights[0] === true;
      const kernels = softmax(present(weight));
      // Without a gradient for w, x is not read.
      const values = isTrained ? masked(present(x), mask) : zeros([...shape]);
      const { dx, dKernels } = sequenceConvolutionGradients(outputGradient, values, atAllPositions(thinned(kernels, weightDropout, seed), shape), left, { x: wanted.inputs[0] === true, kernels: isTrained }, path);
      return {
        inputs: [dx && masked(dx, mask), ...isMasked ? [undefined] : []],
        weights: [dKernels && softmaxGradient(thinned(sum(dKernels, [0, 1]), weightDropout, seed), kernels)],
      };
    },
    flops: (_, output) => 2 * sizeOf(output) * taps,
  };
}

/** [heads, taps] as [batch, length, heads, taps]. */
export function atAllPositions(kernels: Tensor, [batch = 0, length = 0]: readonly number[]): Tensor {
  return tile(reshape(kernels, [1, 1, ...kernels.shape]), [batch, length, 1, 1]);
}
