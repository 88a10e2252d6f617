/** A sequence of tokens that a model may go on with, and what a decoder asks of the model. */
export interface Hypothesis {
  /** Without the end that began it, and without the one that closes it. */
  readonly tokens: readonly number[];
  /** What hypotheses are ranked by: the logarithm of the probability, divided by a power of the length. */
  readonly score: number;
}

/** A model as a decoder sees it. */
export interface NextToken {
  /**
   * Logits of what follows each prefix, [prefixes, vocabulary] row by row. Prefixes are equally long and begin with an end: [prefixes,
   * length]. `sentences`: by prefix, which sentence of the batch it belongs to.
   */
  logits(prefixes: Int32Array, length: number, sentences: Int32Array): Promise<Float32Array>;
}

/** log(sum(exp(x))) of a row, in float64. Throws where the row holds no number to go by. */
export function logSumExp(row: Float32Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of row) {
    if (Number.isNaN(value)) throw new Error('The model predicts NaN: its parameters have diverged. Use an earlier checkpoint, or train it again with a lower learning rate.');
    if (value > largest) largest = value;
  }
  if (!Number.isFinite(largest)) throw new Error(`The model predicts ${largest}: its parameters have diverged. Use an earlier checkpoint, or train it again with a lower learning rate.`);
  let sum = 0;
  for (const value of row) sum += Math.exp(value - largest);
  return largest + Math.log(sum);
}
