/** Bounds a vector as ../clip.ts does: its entries first, then its Euclidean length, which is summed exactly and never leaves the device. */
import { clipByValue, div, maximum, minimum, mul, sqrt, sum, type Tensor } from '@tensorflow/tfjs-core';
import { powerOfTwo, rowDots } from '../../kernels/device/deviceKernels';
import { wholeRow } from '../../kernels/device/deviceRows';
import type { Settings } from '../../settings/knobs';

/** Vectors shorter than this need no bound: no clipNorm is so small. */
const negligible = 2 ** -100;

export function clipped(vector: Tensor, { clipNorm, clipValue }: Pick<Settings, 'clipNorm' | 'clipValue'>): Tensor {
  const bounded = clipValue === null ? vector : clipByValue(vector, -clipValue, clipValue);
  if (clipNorm === null) return bounded;
  const power = powerOfTwo(bounded);
  // At least 1, where the vector is not negligible: its largest entry is at least its power of two.
  const squares = maximum(sum(rowDots(wholeRow(bounded), bounded, power, 1)), 1);
  return mul(bounded, minimum(div(div(clipNorm, sqrt(squares)), maximum(power, negligible)), 1));
}
