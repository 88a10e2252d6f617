/** Means over the batches of an evaluation, each weighed by what its loss is the mean of. */
import type { Evaluation } from '../gradients/gradientSource';

export type Evaluated = Evaluation & {
  readonly examples: number;
  /** What the batch weighs: its examples, or the tokens to be predicted. */
  readonly weight: number;
};

export class EvaluationSum {
  private readonly sums = { loss: 0, correct: 0, predictions: 0, weight: 0 };

  add({ loss, correct = NaN, predictions, examples, weight }: Evaluated): void {
    const { sums } = this;
    sums.loss += loss * weight;
    sums.correct += correct;
    sums.predictions += predictions ?? examples;
    sums.weight += weight;
  }

  mean(): { readonly loss: number; readonly accuracy?: number } {
    const { loss, correct, predictions, weight } = this.sums;
    return { loss: loss / weight, ...accuracyOf({ correct, predictions, examples: predictions }) };
  }
}

/** Absent where nothing can be right or wrong. */
export function accuracyOf({ correct, predictions, examples }: Pick<Evaluated, 'correct' | 'predictions' | 'examples'>): { accuracy?: number } {
  return correct === undefined || Number.isNaN(correct) ? {} : { accuracy: correct / (predictions ?? examples) };
}
