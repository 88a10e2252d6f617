/** The gradient of the numbers whose softmax over the last dimension is p: dz = p dp - (sum of p dp) p, in the order in which TensorFlow.js's own rounds. */
import { mul, sub, sum, tidy, type Tensor } from '@tensorflow/tfjs-core';

export function softmaxGradient(dp: Tensor, p: Tensor): Tensor {
  return tidy(() => {
    const weighed = mul(dp, p);
    return sub(weighed, mul(sum(weighed, -1, true), p));
  });
}
