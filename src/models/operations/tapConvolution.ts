/**
 * Convolution with a kernel for each position, one tap after another: y = sum over k of p[.., k] x moved by k - left. Bytes: x with its
 * padding, and two more of x's size at a time, however long the sequence.
 */
import { add, mul, pad, reshape, slice, stack, sum, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { ConvolutionPath } from './sequenceConvolution';

export const tapConvolution: ConvolutionPath = {
  forward: (x, kernels, left) => tidy(() => {
    const [, , , taps = 1] = kernels.shape;
    const padded = padTime(splitHeads(x, kernels), left, taps - 1 - left);
    return reshape(sumOver(taps, tap => mul(from(padded, tap, kernels), tapOf(kernels, tap))), x.shape);
  }),
  backward(dy, x, kernels, left, wanted) {
    const [, , , taps = 1] = kernels.shape;
    return {
      dKernels: wanted.kernels ? tidy(() => {
        const padded = padTime(splitHeads(x, kernels), left, taps - 1 - left);
        const d = splitHeads(dy, kernels);
        return stack(Array.from({ length: taps }, (_, tap) => tidy(() => sum(mul(d, from(padded, tap, kernels)), -1))), 3);
      }) : undefined,
      // Position t gives to s = t + k - left, so seen from s it is tap k of a kernel that runs the other way.
      dx: wanted.x ? tidy(() => {
        const [before, after] = [taps - 1 - left, left];
        const [d, p] = [padTime(splitHeads(dy, kernels), before, after), padTime(kernels, before, after)];
        return reshape(sumOver(taps, tap => mul(from(d, taps - 1 - tap, kernels), tapOf(from(p, taps - 1 - tap, kernels), tap))), x.shape);
      }) : undefined,
    };
  },
};

/** [batch, length, heads, channels / heads]. */
function splitHeads(x: Tensor, { shape: [, , heads = 1] }: Tensor): Tensor {
  const [batch = 0, length = 0, channels = 0] = x.shape;
  return reshape(x, [batch, length, heads, channels / heads]);
}

function padTime(x: Tensor, before: number, after: number): Tensor {
  return pad(x, [[0, 0], [before, after], [0, 0], [0, 0]]);
}

/** As many positions as `kernels` has, from this one on. */
function from(x: Tensor, position: number, { shape: [, length = 0] }: Tensor): Tensor {
  const [batch = 0, , heads = 0, width = 0] = x.shape;
  return slice(x, [0, position, 0, 0], [batch, length, heads, width]);
}

function tapOf(kernels: Tensor, tap: number): Tensor {
  const [batch = 0, length = 0, heads = 0] = kernels.shape;
  return slice(kernels, [0, 0, 0, tap], [batch, length, heads, 1]);
}

function sumOver(taps: number, term: (tap: number) => Tensor): Tensor {
  let total = tidy(() => term(0));
  for (let tap = 1; tap < taps; tap++) {
    const before = total;
    total = tidy(() => add(before, term(tap)));
    before.dispose();
  }
  return total;
}
