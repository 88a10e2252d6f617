/** Made-up sentences as models of sequences take them, and what such a model computes. */
import { add, cast, div, exp, log, max, mean, mul, notEqual, oneHot, reshape, scalar, squaredDifference, sub, sum, tensor, tensor1d, tidy, type Rank, type Tensor } from '@tensorflow/tfjs-core';
import type { BatchSource } from '../../src/gradients/gradientSource';
import { initialValues } from '../../src/models/initialize';
import type { Model } from '../../src/models/model';
import { end } from '../../src/data/text/text';

/** Of one example: rows of token numbers, and what is to be predicted. */
export interface Sentence {
  readonly inputs: readonly (readonly number[])[];
  readonly labels: readonly number[] | number;
}

/** Words from 3 on, of lengths that differ. */
function words(example: number, vocabulary: number, longest = 6): number[] {
  return Array.from({ length: 1 + (5 * example + 2) % longest }, (_, place) => 3 + (7 * example + 3 * place * place + place) % (vocabulary - 3));
}

/** The translation is the source backwards, each word the one after it. */
export function translations(examples: number, { source, target }: { readonly source: number; readonly target: number }): Sentence[] {
  return Array.from({ length: examples }, (_, example) => {
    const sentence = words(example, source);
    const translation = sentence.toReversed().map(word => 3 + (word + 1) % (target - 3));
    return { inputs: [[...sentence, end], [end, ...translation]], labels: [...translation, end] };
  });
}

export function continuations(examples: number, vocabulary: number): Sentence[] {
  return Array.from({ length: examples }, (_, example) => {
    const sentence = words(example, vocabulary);
    return { inputs: [[end, ...sentence]], labels: [...sentence, end] };
  });
}

/** Of two segments; the class is whether the first word is even, the value a tenth of it. */
export function classified(examples: number, vocabulary: number, kind: 'class' | 'value'): Sentence[] {
  return Array.from({ length: examples }, (_, example) => {
    const sentence = [end, ...words(example, vocabulary)];
    const first = sentence[1] ?? 0;
    return { inputs: [sentence, sentence.map((__, place) => Number(place > 2))], labels: kind === 'class' ? first % 2 : first / 10 };
  });
}

/** Padded to the longest of the sentences that are asked for. */
export function sentenceBatch(sentences: readonly Sentence[]): BatchSource & { weigh?(from: number, to: number): number } {
  const padded = (rows: readonly (readonly number[])[]) => {
    const longest = Math.max(...rows.map(({ length }) => length));
    return tensor(Int32Array.from(rows.flatMap(row => [...row, ...new Array<number>(longest - row.length).fill(0)])), [rows.length, longest], 'int32');
  };
  const ofTokens = typeof sentences[0]?.labels !== 'number';
  return {
    examples: sentences.length,
    ...(ofTokens ? { weigh: (from, to) => sentences.slice(from, to).reduce((total, { labels }) => total + (labels as readonly number[]).length, 0) } : {}),
    make: (from, to) => {
      const some = sentences.slice(from, to);
      const inputs = (some[0]?.inputs ?? []).map((_, place) => padded(some.map(({ inputs: rows }) => rows[place] ?? [])));
      if (ofTokens) return { inputs, labels: padded(some.map(({ labels }) => labels as readonly number[])) };
      const values = some.map(({ labels }) => labels as number);
      return { inputs, labels: values.every(Number.isInteger) ? tensor1d(Int32Array.from(values), 'int32') : tensor1d(values) };
    },
  };
}

/** The output outside training, with initial weights, as rows of numbers. */
export function outputOf(model: Model, inputs: readonly Tensor[]): { shape: number[]; values: Float32Array } {
  let result: { shape: number[]; values: Float32Array } = { shape: [], values: new Float32Array() };
  tidy(() => {
    const parameters = initialValues(model.parameters, 1).map((values, place) => tensor(values, [...model.parameters[place]?.shape ?? []]));
    const made: Tensor[] = [...inputs];
    for (const node of model.nodes) {
      const { output } = node.operation.forward(node.inputs.map(value => made[value] as Tensor), node.parameters.map(place => parameters[place] as Tensor), { training: false, seed: 1, slices: 1, buffers: [], forgetful: true });
      made.push(output);
    }
    const last = made.at(-1) as Tensor;
    result = { shape: last.shape, values: Float32Array.from(last.dataSync()) };
  });
  return result;
}

/** In stock operations: the cross-entropy with smoothed labels over what is predicted. */
export function stockCrossEntropy(smoothing: number): (output: Tensor, labels: Tensor) => Tensor {
  return (output, labels) => {
    const classes = output.shape.at(-1) ?? 1;
    const logits = reshape(output, [-1, classes]);
    const numbers = reshape<Rank.R1>(labels, [-1]);
    const shifted = sub(logits, max(logits, -1, true));
    const logarithms = sub(shifted, log(sum(exp(shifted), -1, true)));
    const targets = add(mul(cast(oneHot(numbers, classes), 'float32'), 1 - smoothing), smoothing / classes);
    const counted = labels.rank === 2 ? cast(notEqual(numbers, scalar(0, 'int32')), 'float32') : cast(notEqual(numbers, scalar(-1, 'int32')), 'float32');
    return div(sum(mul(mul(sum(mul(logarithms, targets), -1), -1), counted)), sum(counted));
  };
}

export function stockSquaredError(output: Tensor, labels: Tensor): Tensor {
  return mean(squaredDifference(reshape(output, [-1]), labels));
}
