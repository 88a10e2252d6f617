/** Recipes and settings that the laws of the device placement are checked on. */
import { packs } from '../../../src/settings/devicePlacement';
import type { LiveSettings, Settings } from '../../../src/settings/knobs';

const everywhere: Readonly<Record<string, Partial<Settings>>> = {
  'sgd': { optimizer: 'sgd' },
  'sgd with momentum and decay': { optimizer: 'sgd', momentum: 0.9, weightDecay: 0.01 },
  'sgd with Nesterov momentum': { optimizer: 'sgd', momentum: 0.9, nesterov: true },
  'adamw with decay': { optimizer: 'adamw', weightDecay: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  'dense-mfac': { optimizer: 'dense-mfac', window: 5 },
  'dense-mfac with momentum and decay': { optimizer: 'dense-mfac', window: 3, momentum: 0.9, weightDecay: 0.01 },
  'ggt': { optimizer: 'ggt', window: 5, beta2: 1, epsilon: 1e-5 },
  'ggt with decay of old rows': { optimizer: 'ggt', window: 5, beta2: 0.9, epsilon: 1e-3 },
  'sparse-mfac': { optimizer: 'sparse-mfac', window: 5, density: 0.1, blockSize: 64 },
  'sparse-mfac with momentum': { optimizer: 'sparse-mfac', window: 4, density: 0.3, blockSize: 100, momentum: 0.5 },
  'sparse-mfac, one global block': { optimizer: 'sparse-mfac', window: 5, density: 0.02, blockSize: null },
  'sparse-mfac, blocks of 2': { optimizer: 'sparse-mfac', window: 3, density: 0.5, blockSize: 2 },
  'sparse-mfac without error feedback': { optimizer: 'sparse-mfac', window: 5, density: 0.1, blockSize: 64, errorFeedback: false },
  'sparse-mfac, one row, little damping': { optimizer: 'sparse-mfac', window: 1, density: 0.1, blockSize: 64, damping: 1e-6 },
  'sparse-mfac, density 1': { optimizer: 'sparse-mfac', window: 5, density: 1, blockSize: 64 },
  'sparse-mfac, biases exact': { optimizer: 'sparse-mfac', window: 5, density: 0.1, blockSize: 64, groups: [{ dimensions: 1, exact: true, weightDecay: 0.1, learningRateScale: 2 }] },
  'sparse-ggt': { optimizer: 'sparse-ggt', window: 5, density: 0.1, blockSize: 64, beta2: 1, epsilon: 1e-5 },
  'sparse-ggt without error feedback': { optimizer: 'sparse-ggt', window: 5, density: 0.3, blockSize: 100, errorFeedback: false, beta2: 0.95, epsilon: 1e-4 },
  'clipped': { optimizer: 'sparse-mfac', window: 5, density: 0.1, blockSize: 64, clipNorm: 3, clipValue: 0.7 },
  'clipped update': { optimizer: 'dense-mfac', window: 5, clipNorm: 0.01, clipTarget: 'update' },
};

const packed: Readonly<Record<string, Partial<Settings>>> = {
  'sparse-mfac, bfloat16 values': { optimizer: 'sparse-mfac', window: 5, density: 0.1, blockSize: 64, valuePrecision: 'bfloat16' },
  'sparse-ggt, bfloat16 values and residual': { optimizer: 'sparse-ggt', window: 4, density: 0.3, blockSize: 100, valuePrecision: 'bfloat16', errorFeedbackBits: 16, epsilon: 1e-4 },
};

/** Rounded to so few bits that the host's codes differ now and then; the laws hold all the same. */
const coded: Readonly<Record<string, Partial<Settings>>> = {
  'sparse-mfac, residual of 8 bits': { optimizer: 'sparse-mfac', window: 5, density: 0.1, blockSize: 64, errorFeedbackBits: 8 },
  'sparse-mfac, residual of 4 bits, bfloat16 values': { optimizer: 'sparse-mfac', window: 4, density: 0.3, blockSize: 100, errorFeedbackBits: 4, valuePrecision: 'bfloat16' },
};

export function codedVariants(backend: string): [string, Partial<Settings>][] {
  return packs(backend) ? Object.entries(coded) : [];
}

export function deviceVariants(backend: string): [string, Partial<Settings>][] {
  return Object.entries(packs(backend) ? { ...everywhere, ...packed } : everywhere);
}

/** Changes to make one after the other, a few steps apart. */
export const deviceChanges: readonly Partial<LiveSettings>[] = [
  { density: 0.05 }, { window: 2 }, { density: 0.6, window: 9 }, { momentum: 0.9 }, { learningRate: 0.1, damping: 1 }, { blockSize: 50 }, { window: 4, momentum: 0 }, { density: 1 },
];
