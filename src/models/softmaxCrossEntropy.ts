/**
 * Mean cross-entropy of softmax(logits) against integer classes: loss = mean of -log p[label], p = softmax(z).
 * Gradient dz = (p - onehot(label)) / batch. Kept for backward: p [batch, classes], where a row may be more than an example: a step of a sequence.
 */
import { add, cast, div, log, mean, mul, neg, oneHot, reshape, softmax, sub, sum, type Tensor } from '@tensorflow/tfjs-core';
import type { Loss } from './model';

/** Added to a probability before its logarithm, so that a certain mistake costs about 35 and not infinity. */
const smallest = 1e-15;

/** Output [..., classes], labels [...], a class number for each row of the output. */
export const softmaxCrossEntropy: Loss = {
  name: 'softmax cross-entropy',
  forward: (logits, labels) => {
    checkLabels(logits, labels);
    const probabilities = softmax(logits);
    return { loss: neg(mean(log(add(sum(mul(probabilities, targets(logits, labels)), -1), smallest)))), extras: [probabilities] };
  },
  backward: (scale, [probabilities], labels) => {
    const p = probabilities as Tensor;
    return mul(scale, div(sub(p, targets(p, labels)), labels.size));
  },
  countCorrect,
};

/** The wasm backend's OneHot writes integers whatever type it is asked for. */
function targets({ shape }: Tensor, labels: Tensor): Tensor {
  const classes = labels.dtype === 'int32' ? labels : cast(labels, 'int32');
  return reshape(cast(oneHot(reshape(classes, [-1]), shape.at(-1) ?? 0), 'float32'), shape);
}

export function checkLabels({ shape }: Tensor, labels: Tensor): void {
  if (shape.slice(0, -1).reduce((product, length) => product * length, 1) === labels.size) return;
  throw new Error(`The labels have the shape [${labels.shape.join(', ')}] and the model's output [${shape.join(', ')}]: cross-entropy takes one class number for each row of the output. Give class numbers, not rows of zeros and ones.`);
}

/** `logits` [examples * classes] row by row, `labels` [examples]. */
export function countCorrect(logits: ArrayLike<number>, labels: ArrayLike<number>, examples: number): number {
  const classes = logits.length / examples;
  let correct = 0;
  for (let example = 0; example < examples; example++) {
    const start = example * classes;
    let best = start;
    for (let index = start + 1; index < start + classes; index++) if ((logits[index] ?? 0) > (logits[best] ?? 0)) best = index;
    if (best - start === labels[example]) correct++;
  }
  return correct;
}
