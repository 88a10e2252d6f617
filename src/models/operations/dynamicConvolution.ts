/**
 * Dynamic convolution (arXiv 1901.10430, section 4): each position predicts the kernels by which it reads its neighbours,
 *
 *   p = softmax over the taps of (m x) W,   y = the convolution of m x by DropConnect(p) (`sequenceConvolution.ts`)
 *
 * with x and y [batch, length, channels], W [channels, heads * taps] and m [batch, length] 0 at padding. Kept: x, and m where there is
 * one; the kernels are predicted again in the backward pass, and the entries that were dropped follow from the pass's seed.
 * With dp from the convolution's gradient, through the dropout: dz = p (dp - sum over the taps of p dp);
 * dW = (m x)^T dz;  dx = m (dx of the convolution + dz W^T).
 */
import { add, matMul, mul, reshape, softmax, tidy, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { sizeOf } from '../model';
import { thinned } from './dropout';
import { present, type WeightedOperation } from './onWeights';
import { convolveSequence, leftTaps, sequenceConvolutionGradients, type ConvolutionPath, type SequencePadding } from './sequenceConvolution';
import { softmaxGradient } from './softmaxGradient';

export interface DynamicConvolutionOptions {
  readonly heads: number;
  readonly taps: number;
  readonly padding: SequencePadding;
  /** The share of kernel entries that training drops. */
  readonly weightDropout: number;
  /** Whether there is a second input, m. */
  readonly isMasked: boolean;
  /** Default: by size. */
  readonly path?: ConvolutionPath;
}

/** Weights: W. */
export function dynamicConvolution(options: DynamicConvolutionOptions): WeightedOperation {
  const { heads, taps, padding, weightDropout, isMasked, path } = options;
  const left = leftTaps(taps, padding);
  return {
    weights: 1,
    keeps: () => ({ inputs: isMasked ? [0, 1] : [0], output: false, extras: false }),
    forward: ([x, mask], [weight], pass) => ({
      output: tidy(() => {
        const values = masked(present(x), mask);
        const kernels = predictedKernels(values, present(weight), heads);
        return convolveSequence(values, pass.training ? thinned(kernels, weightDropout, pass.seed) : kernels, left, path);
      }),
    }),
    backward(outputGradient, { inputs: [x, mask], seed }, [given], wanted) {
      const weight = present(given) as Tensor2D;
      const values = masked(present(x), mask);
      const kernels = predictedKernels(values, weight, heads);
      const { dx, dKernels } = sequenceConvolutionGradients(outputGradient, values, thinned(kernels, weightDropout, seed), left, { x: wanted.inputs[0] === true, kernels: true }, path);
      const dz = reshape(softmaxGradient(thinned(present(dKernels), weightDropout, seed), kernels), [-1, heads * taps]);
      return {
        inputs: [dx && tidy(() => masked(add(dx, reshape(matMul(dz, weight, false, true), dx.shape)), mask)), ...isMasked ? [undefined] : []],
        weights: [wanted.weights[0] === true ? matMul(reshape(values, [-1, present(weight.shape[0])]), dz, true, false) : undefined],
      };
    },
    flops: (_, output) => 2 * sizeOf(output) * taps * (heads + 1) + 5 * sizeOf(output.slice(0, -1)) * heads * taps,
  };
}

/** x with zeros where there is padding. */
export function masked(x: Tensor, mask: Tensor | undefined): Tensor {
  return mask === undefined ? x : mul(x, reshape(mask, [...mask.shape, 1]));
}

/** [batch, length, heads, taps], of sum 1 over the taps. */
export function predictedKernels(x: Tensor, weight: Tensor, heads: number): Tensor {
  const [batch = 0, length = 0, channels = 0] = x.shape;
  return tidy(() => softmax(reshape(matMul(reshape(x, [-1, channels]), weight as Tensor2D), [batch, length, heads, present(weight.shape[1]) / heads])));
}
