/** Loss and hits of one batch, read back to the host. */
import { dispose, tidy, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Ledger } from '../memory/ledger';
import { predict, type Model } from '../models/model';
import { softmaxCrossEntropy } from '../models/softmaxCrossEntropy';
import type { Batch, Evaluation } from './gradientSource';

/** The forward pass up to the loss: logits [batch, classes] and a scalar. */
export function forward(model: Model, parameters: readonly Tensor[], { inputs, labels }: Batch): { logits: Tensor; loss: Tensor } {
  const logits = predict(model, parameters, inputs);
  return { logits, loss: softmaxCrossEntropy(logits as Tensor2D, labels) };
}

/** Forward pass without a tape: nothing is saved, every layer's input dies with the next layer's end. */
export async function evaluate(ledger: Ledger, model: Model, parameters: readonly Tensor[], batch: Batch): Promise<Evaluation> {
  const { logits, loss } = ledger.scope('workspace', () => tidy(() => forward(model, parameters, batch)));
  try {
    return await read(loss, logits, batch);
  } finally {
    dispose([logits, loss]);
  }
}

/** Waits for the device and copies the figures out. */
export async function read(loss: Tensor, logits: Tensor, { labels }: Batch): Promise<Evaluation> {
  const [[value = NaN], rows, wanted] = await Promise.all([loss.data(), logits.data(), labels.data()]);
  return { loss: value, correct: countCorrect(rows, wanted) };
}

/** `logits` [batch * classes] row by row, `labels` [batch]. */
export function countCorrect(logits: ArrayLike<number>, labels: ArrayLike<number>): number {
  const classes = logits.length / labels.length;
  let correct = 0;
  for (let example = 0; example < labels.length; example++) {
    const start = example * classes;
    let best = start;
    for (let index = start + 1; index < start + classes; index++) if ((logits[index] ?? 0) > (logits[best] ?? 0)) best = index;
    if (best - start === labels[example]) correct++;
  }
  return correct;
}
