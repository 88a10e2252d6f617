/**
 * Convolution over time in which each position and each head has a kernel of its own (arXiv 1901.10430, section 3):
 *
 *   y[b, t, c] = sum over k of p[b, t, h, k] x[b, t + k - left, c],  h = floor(c / (channels / heads)),  x = 0 beyond the sequence
 *
 * with x and y [batch, length, channels] and kernels p [batch, length, heads, taps]. Given dy:
 * dp[b, t, h, k] = sum over the c of h of dy[b, t, c] x[b, t + k - left, c];  dx[b, s, c] = sum over k of p[b, t, h, k] dy[b, t, c], t = s - k + left.
 *
 * Computed by a kernel of the backend's where it has one; else as products with band matrices (`bandConvolution.ts`), which are one large
 * operation, as long as the bands, heads (length + taps - 1) numbers a position, take no more than x; else tap by tap
 * (`tapConvolution.ts`), which takes a few times x whatever the length.
 */
import { pad, slice, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { ownKernel } from '../../backends/ownKernel';
import { sequenceConvolutionInputGradientName, sequenceConvolutionKernelGradientName, sequenceConvolutionName } from '../../backends/sequenceKernels';
import { bandConvolution } from './bandConvolution';
import { tapConvolution } from './tapConvolution';

/** 'causal': y[t] reads nothing after t. 'same': as much before as after t, one more after where the taps are even in number. */
export type SequencePadding = 'same' | 'causal';

export interface ConvolutionGradients {
  readonly dx: Tensor | undefined;
  readonly dKernels: Tensor | undefined;
}

export interface Wanted {
  readonly x: boolean;
  readonly kernels: boolean;
}

/** One way of computing it. `left`: taps before the position itself; no tap lies beyond the sequence for all positions. */
export interface ConvolutionPath {
  forward(x: Tensor, kernels: Tensor, left: number): Tensor;
  backward(dy: Tensor, x: Tensor, kernels: Tensor, left: number, wanted: Wanted): ConvolutionGradients;
}

export function leftTaps(taps: number, padding: SequencePadding): number {
  return padding === 'causal' ? taps - 1 : Math.floor((taps - 1) / 2);
}

/** `path`: rather than the best for the backend and the size. */
export function convolveSequence(x: Tensor, kernels: Tensor, left: number, path?: ConvolutionPath): Tensor {
  const own = path === undefined ? ownKernel(sequenceConvolutionName, { x, kernels }, { left }) : undefined;
  return own as Tensor | undefined ?? tidy(() => {
    const { from, count } = reachingTaps(x, kernels, left);
    return (path ?? pathFor(x, kernels)).forward(x, tapsOf(kernels, from, count), left - from);
  });
}

export function sequenceConvolutionGradients(dy: Tensor, x: Tensor, kernels: Tensor, left: number, wanted: Wanted, path?: ConvolutionPath): ConvolutionGradients {
  const [, , heads = 1, taps = 1] = kernels.shape;
  const own = path !== undefined ? undefined : {
    dx: wanted.x ? ownKernel(sequenceConvolutionInputGradientName, { dy, kernels }, { left }) as Tensor | undefined : undefined,
    dKernels: wanted.kernels ? ownKernel(sequenceConvolutionKernelGradientName, { dy, x }, { heads, taps, left }) as Tensor | undefined : undefined,
  };
  if (own?.dx !== undefined || own?.dKernels !== undefined) return own;
  const { from, count } = reachingTaps(x, kernels, left);
  const { dx, dKernels } = (path ?? pathFor(x, kernels)).backward(dy, x, tapsOf(kernels, from, count), left - from, wanted);
  return { dx, dKernels: dKernels === undefined || count === taps ? dKernels : pad(dKernels, [[0, 0], [0, 0], [0, 0], [from, taps - from - count]]) };
}

type Shaped = Pick<Tensor, 'shape'>;

export function pathFor({ shape: [, length = 0, channels = 0] }: Shaped, { shape: [, , heads = 1, taps = 1] }: Shaped): ConvolutionPath {
  return heads * (length + taps - 1) <= channels ? bandConvolution : tapConvolution;
}

/** The taps that meet the sequence at any position: of a kernel longer than twice the sequence, some never do. */
function reachingTaps({ shape: [, length = 0] }: Tensor, { shape }: Tensor, left: number): { from: number; count: number } {
  const from = Math.max(0, left - length + 1);
  return { from, count: Math.min(shape[3] ?? 1, left + length) - from };
}

function tapsOf(kernels: Tensor, from: number, count: number): Tensor {
  const [batch = 0, length = 0, heads = 0, taps = 0] = kernels.shape;
  return count === taps ? kernels : slice(kernels, [0, 0, 0, from], [batch, length, heads, count]);
}
