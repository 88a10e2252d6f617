/** The table of recipes and settings that every law is checked on, and the few steps that checking takes. */
import { defaultsFor, type LiveSettings, type Settings } from '../../../src/settings/knobs';
import type { SparseCompute } from '../../../src/kernels/sparseCompute';
import { typedArrays } from '../../../src/kernels/typedArrays';
import { createOptimizer, type Optimizer } from '../../../src/optimizers/optimizer';
import type { ParameterView } from '../../../src/optimizers/transformation';
import { normalVector } from '../kernels/randomVector';

export const variants: Readonly<Record<string, Partial<Settings>>> = {
  'sgd': { optimizer: 'sgd' },
  'sgd with momentum and decay': { optimizer: 'sgd', momentum: 0.9, weightDecay: 0.01 },
  'sgd with Nesterov momentum': { optimizer: 'sgd', momentum: 0.9, nesterov: true },
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
  'sparse-mfac, bfloat16, residual of 16 bits': { optimizer: 'sparse-mfac', window: 5, density: 0.1, blockSize: 64, valuePrecision: 'bfloat16', errorFeedbackBits: 16 },
  'sparse-mfac, bfloat16, residual of 8 bits': { optimizer: 'sparse-mfac', window: 4, density: 0.1, blockSize: null, valuePrecision: 'bfloat16', errorFeedbackBits: 8 },
  'sparse-mfac, bfloat16, residual of 4 bits': { optimizer: 'sparse-mfac', window: 5, density: 0.1, blockSize: 64, valuePrecision: 'bfloat16', errorFeedbackBits: 4 },
  'micro-adam': { optimizer: 'micro-adam', window: 5, density: 0.1, blockSize: 64 },
  'micro-adam in float32, one global block': { optimizer: 'micro-adam', window: 4, density: 0.05, blockSize: null, valuePrecision: 'float32', errorFeedbackBits: 32 },
  'micro-adam without error feedback': { optimizer: 'micro-adam', window: 5, density: 0.1, blockSize: 64, errorFeedback: false, weightDecay: 0.01 },
  'low-rank-mfac': { optimizer: 'low-rank-mfac', window: 5, rank: 4 },
  'low-rank-mfac of rank 1, with momentum': { optimizer: 'low-rank-mfac', window: 4, rank: 1, momentum: 0.5 },
  'low-rank-mfac without error feedback': { optimizer: 'low-rank-mfac', window: 5, rank: 3, errorFeedback: false },
  'low-rank-mfac, rank beyond the matrices': { optimizer: 'low-rank-mfac', window: 5, rank: 100 },
  'low-rank-ggt': { optimizer: 'low-rank-ggt', window: 5, rank: 2, beta2: 0.9 },
  'low-rank-ggt without error feedback': { optimizer: 'low-rank-ggt', window: 5, rank: 1, errorFeedback: false },
  'ggt': { optimizer: 'ggt', window: 5 },
  'ggt with decay of old rows': { optimizer: 'ggt', window: 7, beta2: 0.9, momentum: 0.9 },
  'sparse-ggt': { optimizer: 'sparse-ggt', window: 5, density: 0.1, blockSize: 64 },
  'sparse-ggt without error feedback': { optimizer: 'sparse-ggt', window: 5, density: 0.1, blockSize: 64, beta2: 0.9, errorFeedback: false },
  'adamw, beta2 0, clipped updates': { optimizer: 'adamw', beta1: 0.9, beta2: 0, epsilon: 1e-30, clipTarget: 'update', clipNorm: 1 },
  'adamw-8bit': { optimizer: 'adamw-8bit', weightDecay: 0.01 },
  'adafactor': { optimizer: 'adafactor' },
  'muon': { optimizer: 'muon', momentum: 0.95 },
  'muon without momentum': { optimizer: 'muon' },
  'shampoo': { optimizer: 'shampoo', preconditionInterval: 3, matrixLimit: 20 },
  'shampoo, sums, one side, momentum': { optimizer: 'shampoo', preconditionInterval: 1, beta2: 1, epsilon: 1e-12, matrixLimit: 14, momentum: 0.9 },
  'soap': { optimizer: 'soap', preconditionInterval: 3 },
  'soap, one side': { optimizer: 'soap', preconditionInterval: 1, matrixLimit: 14, beta2: 0.9 },
};

/** What a variant does not say: fixed here, so that no law depends on the defaults. */
const base: Partial<Settings> = { learningRate: 0.01, momentum: 0, weightDecay: 0, density: 0.01, window: 32, damping: 0.001, blockSize: 65_536, errorFeedback: true };

export function settingsOf(variant: Partial<Settings>): Settings {
  return { ...defaultsFor(variant.optimizer ?? 'sparse-mfac'), ...base, ...variant };
}

/** Changes to try on every variant, one after the other; those its optimizer does not read must change nothing. */
export const changes: readonly Partial<LiveSettings>[] = [
  { density: 0.05 }, { window: 2 }, { density: 0.6, window: 9 }, { momentum: 0.9 }, { learningRate: 0.1, damping: 1 }, { window: 4, momentum: 0 },
  { density: 1 }, { density: 0.001 }, { errorFeedbackBits: 8, valuePrecision: 'bfloat16' }, { errorFeedbackBits: 4 }, { errorFeedbackBits: 16, valuePrecision: 'float32', density: 0.1 }, { errorFeedbackBits: 32, blockSize: 50 },
  { rank: 2 }, { rank: 40, window: 6 }, { rank: 1 },
];

/** A matrix, which may have no column, and a vector of random values, `dimension` in all. */
export function twoTensors(dimension: number, seed = 1): ParameterView[] {
  const rows = Math.max(1, Math.floor(Math.sqrt(2 * dimension / 3)));
  const columns = Math.floor(2 * dimension / 3 / rows);
  const rest = dimension - rows * columns;
  return [
    { name: 'dense/kernel', shape: [rows, columns], values: normalVector(rows * columns, seed) },
    { name: 'dense/bias', shape: [rest], values: normalVector(rest, seed + 1) },
  ];
}

export function flat(parameters: readonly ParameterView[]): Float32Array {
  return Float32Array.from(parameters.flatMap(({ values }) => [...values]));
}

/** Takes steps `from` to `to` on reproducible random gradients; returns the updates of the last. */
export function takeSteps(optimizer: Optimizer, parameters: readonly ParameterView[], from: number, to: number, scale = 1): Float32Array {
  const { gradient } = optimizer;
  for (let step = from; step <= to; step++) {
    gradient.set(normalVector(gradient.length, 1000 + step, scale));
    optimizer.update(gradient, parameters, step);
  }
  return gradient.slice();
}

/** An optimizer for `dimension` parameters that has taken `steps` steps. */
export function trained(variant: Partial<Settings>, dimension: number, steps: number, compute: SparseCompute = typedArrays): { optimizer: Optimizer; parameters: ParameterView[] } {
  const parameters = twoTensors(dimension);
  const optimizer = createOptimizer(settingsOf(variant), parameters, { compute });
  takeSteps(optimizer, parameters, 1, steps);
  return { optimizer, parameters };
}
