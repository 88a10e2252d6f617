/** Small problems with known gradients, to see optimizers converge on. */
import { createOptimizer } from '../../../src/optimizers/optimizer';
import type { Settings } from '../../../src/settings/knobs';
import { normalVector, uniform } from '../kernels/randomVector';
import { settingsOf } from './variants';

export interface Problem {
  readonly start: Float32Array;
  loss(parameters: Float32Array): number;
  /** Writes the gradient of step `step`, which may be that of a batch. */
  gradient(parameters: Float32Array, step: number, gradient: Float32Array): void;
}

/** Half the sum of h_i x_i^2, with h falling from 1 to `smallest` in equal ratios. */
export function quadratic(dimension: number, smallest: number): Problem {
  const curvature = Float64Array.from({ length: dimension }, (_, at) => smallest ** (at / Math.max(1, dimension - 1)));
  return {
    start: normalVector(dimension, 1),
    loss: x => curvature.reduce((sum, h, at) => sum + 0.5 * h * x[at]! ** 2, 0),
    gradient: (x, _step, gradient) => curvature.forEach((h, at) => { gradient[at] = h * x[at]!; }),
  };
}

/** Rosenbrock's valley (1 - x)^2 + 100 (y - x^2)^2, from (-1/2, 1). */
export const rosenbrock: Problem = {
  start: Float32Array.of(-0.5, 1),
  loss: ([x = 0, y = 0]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
  gradient: ([x = 0, y = 0], _step, gradient) => gradient.set([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)]),
};

/**
 * Softmax regression on features whose scales fall by 3 % from one to the next; labels drawn from a softmax of random weights.
 * Gradients are those of batches.
 */
export function softmaxRegression(seed: number, { examples = 1000, features = 60, classes = 10, batch = 64 } = {}): Problem {
  const next = uniform(seed);
  const mixing = normalVector(features * features, seed + 1);
  const truth = normalVector(features * classes, seed + 2, 2);
  const inputs = Array.from({ length: examples }, (_, example) => {
    const z = normalVector(features, 1e6 * seed + example);
    const mixed = (to: number) => z.reduce((sum, value, from) => sum + value * mixing[from * features + to]!, 0);
    return Float64Array.from({ length: features }, (_, to) => mixed(to) * 0.97 ** to / Math.sqrt(features));
  });
  const scores = (weights: Float32Array, input: Float64Array) => Array.from({ length: classes }, (_, label) =>
    input.reduce((sum, value, at) => sum + value * weights[at * classes + label]!, 0));
  const labels = inputs.map(input => {
    const noisy = scores(truth, input).map(score => score - Math.log(-Math.log(next())));
    return noisy.indexOf(Math.max(...noisy));
  });
  const probabilities = (weights: Float32Array, example: number) => {
    const logits = scores(weights, inputs[example]!);
    const powers = logits.map(logit => Math.exp(logit - Math.max(...logits)));
    const sum = powers.reduce((total, power) => total + power, 0);
    return powers.map(power => power / sum);
  };
  return {
    start: new Float32Array(features * classes),
    loss: weights => -inputs.reduce((sum, _, example) => sum + Math.log(probabilities(weights, example)[labels[example]!]!), 0) / examples,
    gradient: (weights, step, gradient) => {
      gradient.fill(0);
      for (let member = 0; member < batch; member++) {
        const example = (step * batch + member) % examples;
        const slopes = probabilities(weights, example);
        slopes[labels[example]!]! -= 1;
        inputs[example]!.forEach((value, at) => slopes.forEach((slope, label) => { gradient[at * classes + label]! += value * slope / batch; }));
      }
    },
  };
}

/** Loss after `steps` steps from the problem's start, the learning rate falling linearly to zero where `decay` says so. */
export function minimize(problem: Problem, variant: Partial<Settings>, steps: number, decay = false): number {
  const settings = settingsOf(variant);
  const values = problem.start.slice();
  const parameters = [{ name: 'w', shape: [values.length], values }];
  const optimizer = createOptimizer(settings, parameters);
  const gradient = new Float32Array(values.length);
  for (let step = 1; step <= steps; step++) {
    problem.gradient(values, step, gradient);
    if (decay) optimizer.change({ learningRate: settings.learningRate * (1 - (step - 1) / steps) });
    optimizer.update(gradient, parameters, step);
  }
  return problem.loss(values);
}
