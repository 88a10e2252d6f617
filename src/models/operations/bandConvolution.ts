/**
 * Convolution with a kernel for each position as a product of matrices: Y = B X for each example and head, with X and Y [length, channels / heads]
 * and B [length, length] the band in which row t holds the kernel of t, its first tap at column t - left. dX = B^T dY; dB = dY X^T.
 *
 * A band is made without touching its numbers one by one: rows of `taps` numbers, each followed by `length` zeros and read as rows that
 * are one shorter, lie one place further right from row to row. Bytes: 4 batch heads length (length + taps) twice, and x in another order.
 */
import { matMul, pad, reshape, slice, tidy, transpose, type Rank, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import type { ConvolutionPath } from './sequenceConvolution';

export const bandConvolution: ConvolutionPath = {
  forward(x, kernels, left) {
    const [, , heads = 1] = kernels.shape;
    return tidy(() => fromHeads(matMul(bandOf(kernels, left), byHeads(x, heads)), x.shape));
  },
  backward(dy, x, kernels, left, wanted) {
    const [, , heads = 1] = kernels.shape;
    const dyByHeads = byHeads(dy, heads);
    return {
      dKernels: wanted.kernels ? tidy(() => kernelsOf(matMul(dyByHeads, byHeads(x, heads), false, true), kernels.shape, left)) : undefined,
      dx: wanted.x ? tidy(() => fromHeads(matMul(bandOf(kernels, left), dyByHeads, true, false), x.shape)) : undefined,
    };
  },
};

/** [batch, length, channels] as [batch * heads, length, channels / heads]. */
function byHeads(x: Tensor, heads: number): Tensor3D {
  const [batch = 0, length = 0, channels = 0] = x.shape;
  return reshape<Rank.R3>(transpose(reshape(x, [batch, length, heads, channels / heads]), [0, 2, 1, 3]), [batch * heads, length, channels / heads]);
}

function fromHeads(y: Tensor, [batch = 0, length = 0, channels = 0]: readonly number[]): Tensor {
  const heads = y.shape[0] / batch;
  return reshape(transpose(reshape(y, [batch, heads, length, channels / heads]), [0, 2, 1, 3]), [batch, length, channels]);
}

function bandOf(kernels: Tensor, left: number): Tensor3D {
  const [batch = 0, length = 0, heads = 0, taps = 0] = kernels.shape;
  return tidy(() => {
    const rows = reshape(transpose(kernels, [0, 2, 1, 3]), [batch * heads, length, taps]);
    const spread = reshape(pad(rows, [[0, 0], [0, 0], [0, length]]), [batch * heads, length * (taps + length)]);
    const band = reshape<Rank.R3>(slice(spread, [0, 0], [batch * heads, length * (taps + length - 1)]), [batch * heads, length, taps + length - 1]);
    return slice<Rank.R3, Tensor3D>(band, [0, 0, left], [batch * heads, length, length]);
  });
}

/** What lies on the bands, back in the order of kernels. */
function kernelsOf(bands: Tensor, [batch = 0, length = 0, heads = 0, taps = 0]: readonly number[], left: number): Tensor {
  const whole = reshape(pad(bands, [[0, 0], [0, 0], [left, taps - 1 - left]]), [batch * heads, length * (taps + length - 1)]);
  const spread = reshape(pad(whole, [[0, 0], [0, length]]), [batch * heads, length, taps + length]);
  return transpose(reshape(slice(spread, [0, 0, 0], [batch * heads, length, taps]), [batch, heads, length, taps]), [0, 2, 1, 3]);
}
