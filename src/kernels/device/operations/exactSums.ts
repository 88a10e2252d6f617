/**
 * Sums of products of float32 tensors as pairs (sum, error) of float32 numbers, which together hold twice the digits, by
 * operations that every TensorFlow.js backend has and that round once each: TwoProduct with Veltkamp's splitting, and TwoSum
 * (Dekker 1971; Ogita, Rump and Oishi, "Accurate sum and dot product", 2005). Of numbers well within float32's range.
 */
import { add, concat, mul, slice, sub, tidy, zeros, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';

export type ExactSum = { readonly sum: Tensor; readonly error: Tensor };

/** 2^12 + 1 splits a fraction of 24 bits into two of 12. */
const splitter = 4097;

/** a * b, exactly. */
export function twoProduct(a: Tensor, b: Tensor): ExactSum {
  return tidy(() => {
    const sum = mul(a, b);
    const [aHigh, aLow] = split(a);
    const [bHigh, bLow] = split(b);
    const error = add(add(add(sub(mul(aHigh, bHigh), sum), mul(aHigh, bLow)), mul(aLow, bHigh)), mul(aLow, bLow));
    return { sum, error };
  });
}

function split(x: Tensor): [Tensor, Tensor] {
  const scaled = mul(x, splitter);
  const high = sub(scaled, sub(scaled, x));
  return [high, sub(x, high)];
}

/** a + b, the errors added as they are. */
export function twoSum(a: ExactSum, b: ExactSum): ExactSum {
  return tidy(() => {
    const sum = add(a.sum, b.sum);
    const ofB = sub(sum, a.sum);
    const lost = add(sub(a.sum, sub(sum, ofB)), sub(b.sum, ofB));
    return { sum, error: add(add(a.error, b.error), lost) };
  });
}

/** Sums over the middle axis of [a, n, b] until at most `left` numbers are left there: halves are added to one another. */
export function foldMiddle(terms: ExactSum, left: number): ExactSum {
  return tidy(() => {
    let { sum, error } = terms;
    for (let length = sum.shape[1] ?? 1; length > left; length = Math.ceil(length / 2)) {
      const half = Math.ceil(length / 2);
      const [sums, errors] = [halves(sum as Tensor3D, half), halves(error as Tensor3D, half)];
      ({ sum, error } = twoSum({ sum: sums[0], error: errors[0] }, { sum: sums[1], error: errors[1] }));
    }
    return { sum, error };
  });
}

/** The first `half` along the middle axis, and the rest, filled up with zeros. */
function halves(x: Tensor3D, half: number): [Tensor, Tensor] {
  const [a, length, b] = x.shape;
  const rest = slice(x, [0, half, 0], [a, length - half, b]);
  return [slice(x, [0, 0, 0], [a, half, b]), 2 * half === length ? rest : concat([rest, zeros([a, 1, b])], 1)];
}
