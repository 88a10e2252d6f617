/**
 * Mean cross-entropy of softmax(logits) against integer classes: loss = mean of -log p[label], p = softmax(z).
 * Gradient dz = (p - onehot(label)) / rows. Kept: p [..., classes]; `labels` int32 [...] has a class for each row of logits.
 */
import { add, cast, div, log, mean, mul, neg, oneHot, reshape, softmax, sub, sum, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Loss } from '../model';
import { present } from './onWeights';

/** Added to a probability before its logarithm, so that a certain mistake costs about 35 and not infinity. */
const smallest = 1e-15;

export function softmaxCrossEntropyLoss(): Loss {
  return {
    name: 'softmaxCrossEntropy',
    forward(logits, labels) {
      if (logits.size / present(logits.shape.at(-1)) !== labels.size) {
        throw new Error(`Labels have shape [${labels.shape.join(', ')}], but the model's output has shape [${logits.shape.join(', ')}]: softmaxCrossEntropy takes one class number for each row. Give class numbers as int32 rather than one-hot rows.`);
      }
      const probabilities = softmax(logits);
      return { loss: neg(mean(log(add(sum(mul(probabilities, target(probabilities, labels)), -1), smallest)))), extras: [probabilities] };
    },
    backward(scale, [kept], labels) {
      const probabilities = present(kept);
      const gradient = div(sub(probabilities, target(probabilities, labels)), labels.size);
      return scale === 1 ? gradient : mul(gradient, scale);
    },
    countCorrect: countLargest,
  };
}

function target(probabilities: Tensor, labels: Tensor): Tensor {
  // The wasm backend's OneHot writes integers whatever type it is asked for.
  const rows = cast(oneHot(cast(reshape(labels, [-1]), 'int32'), present(probabilities.shape.at(-1))), 'float32') as Tensor2D;
  return reshape(rows, probabilities.shape);
}

/** Rows whose largest entry is at their label. */
export function countLargest(output: ArrayLike<number>, labels: ArrayLike<number>, rows: number): number {
  const classes = output.length / rows;
  let correct = 0;
  for (let row = 0; row < rows; row++) {
    let best = 0;
    for (let index = 1; index < classes; index++) if ((output[row * classes + index] ?? 0) > (output[row * classes + best] ?? 0)) best = index;
    if (best === labels[row]) correct++;
  }
  return correct;
}
