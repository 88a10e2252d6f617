/**
 * Ill-conditioned softmax regression, on which compression without error feedback visibly fails:
 *
 *   X = Z A / sqrt(f), Z [n, f] and A [f, f] standard normal, column i of A scaled by 0.97^i
 *   label = argmax(x W* + Gumbel noise), W* [f, classes] twice standard normal
 *
 * The loss is the mean cross-entropy of a softmax of X W, with no intercept; it starts at ln(classes). Each step sees a batch
 * drawn with replacement. Holds X, 4 n f bytes.
 */
import { random, type Random } from '../random';

export interface SoftmaxSize {
  readonly examples: number;
  readonly features: number;
  readonly classes: number;
  readonly batch: number;
}

export const fullSize: SoftmaxSize = { examples: 4000, features: 100, classes: 10, batch: 128 };

export interface SoftmaxProblem {
  readonly shape: readonly [features: number, classes: number];
  /** Over all examples; `weights` [f, classes]. */
  loss(weights: Float32Array): number;
  /** Draws batches: the same ones in the same order every time it is called. */
  batches(): () => Int32Array;
  /** Writes the gradient of one batch to `gradient` [f, classes]. */
  gradient(weights: Float32Array, batch: Int32Array, gradient: Float32Array): void;
}

export function softmaxProblem(seed: number, size: SoftmaxSize = fullSize): SoftmaxProblem {
  const { examples, features, classes, batch } = size;
  const inputs = drawInputs(random(3 * seed), size);
  const labels = drawLabels(random(3 * seed + 1), inputs, size);
  const probabilities = new Float64Array(classes);
  return {
    shape: [features, classes],
    loss: weights => {
      let sum = 0;
      for (let example = 0; example < examples; example++) {
        softmax(inputs, example * features, weights, features, probabilities);
        sum -= Math.log(probabilities[labels[example] ?? 0] ?? 0);
      }
      return sum / examples;
    },
    batches: () => {
      const source = random(3 * seed + 2);
      return () => Int32Array.from({ length: batch }, () => source.below(examples));
    },
    gradient: (weights, members, gradient) => {
      gradient.fill(0);
      for (const example of members) {
        softmax(inputs, example * features, weights, features, probabilities);
        probabilities[labels[example] ?? 0] = (probabilities[labels[example] ?? 0] ?? 0) - 1;
        addOuterProduct(inputs, example * features, probabilities, 1 / members.length, features, gradient);
      }
    },
  };
}

function drawInputs(source: Random, { examples, features }: SoftmaxSize): Float32Array {
  const mixing = Float64Array.from({ length: features * features }, (_, at) => source.normal() * 0.97 ** (at % features) / Math.sqrt(features)); // [f, f]
  const inputs = new Float32Array(examples * features);
  const row = new Float64Array(features);
  for (let example = 0; example < examples; example++) {
    row.fill(0);
    for (let from = 0; from < features; from++) {
      const entry = source.normal();
      for (let to = 0; to < features; to++) row[to] = (row[to] ?? 0) + entry * (mixing[from * features + to] ?? 0);
    }
    inputs.set(row, example * features);
  }
  return inputs;
}

function drawLabels(source: Random, inputs: Float32Array, { examples, features, classes }: SoftmaxSize): Int32Array {
  const truth = Float32Array.from({ length: features * classes }, () => 2 * source.normal());
  const scores = new Float64Array(classes);
  return Int32Array.from({ length: examples }, (_, example) => {
    multiply(inputs, example * features, truth, features, scores);
    const noisy = Array.from(scores, score => score - Math.log(-Math.log(source.uniform())));
    return noisy.indexOf(Math.max(...noisy));
  });
}

/** scores [classes] = one row of X times `weights` [f, classes] */
function multiply(inputs: Float32Array, start: number, weights: Float32Array, features: number, scores: Float64Array): void {
  const classes = scores.length;
  scores.fill(0);
  for (let feature = 0; feature < features; feature++) {
    const entry = inputs[start + feature] ?? 0;
    const row = feature * classes;
    for (let label = 0; label < classes; label++) scores[label] = (scores[label] ?? 0) + entry * (weights[row + label] ?? 0);
  }
}

function softmax(inputs: Float32Array, start: number, weights: Float32Array, features: number, probabilities: Float64Array): void {
  multiply(inputs, start, weights, features, probabilities);
  let largest = Number.NEGATIVE_INFINITY;
  for (const score of probabilities) largest = Math.max(largest, score);
  let sum = 0;
  for (let label = 0; label < probabilities.length; label++) sum += probabilities[label] = Math.exp((probabilities[label] ?? 0) - largest);
  for (let label = 0; label < probabilities.length; label++) probabilities[label] = (probabilities[label] ?? 0) / sum;
}

/** gradient [f, classes] += factor * x slopes^T */
function addOuterProduct(inputs: Float32Array, start: number, slopes: Float64Array, factor: number, features: number, gradient: Float32Array): void {
  const classes = slopes.length;
  for (let feature = 0; feature < features; feature++) {
    const entry = factor * (inputs[start + feature] ?? 0);
    const row = feature * classes;
    for (let label = 0; label < classes; label++) gradient[row + label] = (gradient[row + label] ?? 0) + entry * (slopes[label] ?? 0);
  }
}
