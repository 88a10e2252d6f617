/**
 * The largest power of two that is not above the largest magnitude of a vector, 0 where that is below 2^-126, NaN where an
 * entry is NaN or infinite, as operations of any backend.
 */
import { abs, add, cast, lessEqual, max, mul, reshape, sum, tensor1d, tidy, type Tensor } from '@tensorflow/tfjs-core';

/** x of any shape; [1]. */
export function powerOfTwo(x: Tensor): Tensor {
  return tidy(() => {
    const powers = tensor1d(Float32Array.from({ length: 254 }, (_, index) => 2 ** (index - 126)));
    const power = max(mul(powers, cast(lessEqual(powers, max(abs(x))), 'float32')));
    // Zero, unless an entry is no number.
    return reshape(add(power, sum(mul(x, 0))), [1]);
  });
}
