/** The table of recipes and settings that every law is checked on, and the few steps that checking takes. */
import type { LiveSettings, Settings } from '../../../src/settings/knobs';
import { defaults } from '../../../src/settings/knobs';
import { createOptimizer, type Optimizer } from '../../../src/optimizers/optimizer';
import type { ParameterView } from '../../../src/optimizers/transformation';
import { normalVector } from '../kernels/randomVector';

export const variants: Readonly<Record<string, Partial<Settings>>> = {
  'sgd': { optimizer: 'sgd' },
  'sgd with momentum and decay': { optimizer: 'sgd', momentum: 0.9, weightDecay: 0.01 },
  'adamw': { optimizer: 'adamw', weightDecay: 0.01 },
  'dense-mfac': { optimizer: 'dense-mfac', window: 5 },
  'dense-mfac with momentum': { optimizer: 'dense-mfac', window: 3, momentum: 0.9 },
  'sparse-mfac': { optimizer: 'sparse-mfac', window: 5, density: 0.1, blockSize: 64 },
  'sparse-mfac with momentum': { optimizer: 'sparse-mfac', window: 4, density: 0.3, blockSize: 100, momentum: 0.5 },
  'sparse-mfac, one global block': { optimizer: 'sparse-mfac', window: 5, density: 0.02, blockSize: null },
  'sparse-mfac, blocks of 2': { optimizer: 'sparse-mfac', window: 3, density: 0.5, blockSize: 2 },
  'sparse-mfac, block longer than the vector': { optimizer: 'sparse-mfac', window: 2, density: 0.01, blockSize: 65_536 },
  'sparse-mfac without error feedback': { optimizer: 'sparse-mfac', window: 5, density: 0.1, blockSize: 64, errorFeedback: false },
  'sparse-mfac, window of one row': { optimizer: 'sparse-mfac', window: 1, density: 0.1, blockSize: 64 },
  'sparse-mfac, density 1': { optimizer: 'sparse-mfac', window: 5, density: 1, blockSize: 64 },
};

/** What a variant does not say: fixed here, so that no law depends on the defaults. */
const base: Settings = {
  ...defaults,
  learningRate: 0.01, momentum: 0, weightDecay: 0, density: 0.01, window: 32, damping: 0.001, blockSize: 65_536, errorFeedback: true,
  beta1: 0.9, beta2: 0.999, epsilon: 1e-8,
};

export function settingsOf(variant: Partial<Settings>): Settings {
  return { ...base, ...variant };
}

/** Changes to try on every variant, one after the other; those its optimizer does not read must change nothing. */
export const changes: readonly Partial<LiveSettings>[] = [
  { density: 0.05 }, { window: 2 }, { density: 0.6, window: 9 }, { momentum: 0.9 }, { learningRate: 0.1, damping: 1 }, { window: 4, momentum: 0 },
  { density: 1 }, { density: 0.001 },
];

/** Two tensors of random values, `dimension` in all. */
export function twoTensors(dimension: number, seed = 1): ParameterView[] {
  const first = Math.floor(dimension / 3);
  return [
    { name: 'dense/kernel', shape: [first], values: normalVector(first, seed) },
    { name: 'dense/bias', shape: [dimension - first], values: normalVector(dimension - first, seed + 1) },
  ];
}

export function flat(parameters: readonly ParameterView[]): Float32Array {
  return Float32Array.from(parameters.flatMap(({ values }) => [...values]));
}

/** Takes steps `from` to `to` on reproducible random gradients; returns the updates of the last. */
export function takeSteps(optimizer: Optimizer, parameters: readonly ParameterView[], from: number, to: number, scale = 1): Float32Array {
  const dimension = flat(parameters).length;
  let gradient: Float32Array = new Float32Array(dimension);
  for (let step = from; step <= to; step++) {
    gradient = normalVector(dimension, 1000 + step, scale);
    optimizer.update(gradient, parameters, step);
  }
  return gradient;
}

/** An optimizer for `dimension` parameters that has taken `steps` steps. */
export function trained(variant: Partial<Settings>, dimension: number, steps: number): { optimizer: Optimizer; parameters: ParameterView[] } {
  const optimizer = createOptimizer(settingsOf(variant), dimension);
  const parameters = twoTensors(dimension);
  takeSteps(optimizer, parameters, 1, steps);
  return { optimizer, parameters };
}
