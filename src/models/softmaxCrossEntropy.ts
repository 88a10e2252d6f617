/**
 * Mean cross-entropy of softmax(logits) against integer classes: loss = mean of -log p[label], p = softmax(z).
 * Gradient dz = (p - onehot(label)) / batch. Saved for backward: p [batch, classes].
 */
import { add, cast, div, log, mean, mul, neg, oneHot, softmax, sub, sum, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { operation } from './operation';

/** Added to a probability before its logarithm, so that a certain mistake costs about 35 and not infinity. */
const smallest = 1e-15;

/** `logits` [batch, classes], `labels` int32 [batch]; returns a scalar. */
export function softmaxCrossEntropy(logits: Tensor2D, labels: Tensor1D): Tensor {
  const [batch, classes] = logits.shape;
  // The wasm backend's OneHot writes integers whatever type it is asked for.
  const target = () => cast(oneHot(labels, classes), 'float32');
  return operation({ logits }, save => {
    const probabilities = softmax(logits);
    save([probabilities]);
    return neg(mean(log(add(sum(mul(probabilities, target()), 1), smallest))));
  }, (outputGradient, saved) => ({
    logits: () => {
      const [probabilities] = saved as [Tensor2D];
      return mul(outputGradient, div(sub(probabilities, target()), batch));
    },
  }));
}
