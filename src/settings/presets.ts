import type { Settings } from './knobs';

export interface Preset {
  readonly label: string;
  readonly description: string;
  readonly settings: Partial<Settings>;
}

/** As published for this network, with the settings of dynamic sparse reparameterization (arXiv 1902.05967): a fifth of the rate every 60 epochs. */
const wideResidual = { optimizer: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.0005, schedule: 'step', stepFactor: 0.2 } as const satisfies Partial<Settings>;

/** Every technique of the section memory that goes together. */
const thrifty = { recompute: 'block', activationPrecision: 'float16', parameterPrecision: 'float16', momentPrecision: 'float16', weightDensity: 0.3 } as const satisfies Partial<Settings>;

/** Runs to start from. Those on digits work on any machine, with nothing to download. */
export const presets = {
  'digits-mlp': {
    label: 'Digits, perceptron',
    description: '784-256-128-10 on MNIST digits, S-MFAC at 1 % density with error feedback',
    settings: { model: 'mlp', data: 'digits', optimizer: 'sparse-mfac', shift: 1 },
  },
  'digits-convnet': {
    label: 'Digits, convnet',
    description: 'Two convolutions and a dense layer on MNIST digits, S-MFAC at 1 % density with error feedback',
    settings: { model: 'convnet', data: 'digits', optimizer: 'sparse-mfac', epochs: 6, shift: 1 },
  },
  'digits-low-memory': {
    label: 'Digits, little memory',
    description: 'WRN-10-1 on MNIST digits, padded: microbatches, recomputation, halves and sparse weights together',
    settings: { model: 'wrn-10-1', data: 'digits', ...wideResidual, ...thrifty, epochs: 2, batchSize: 64, microbatch: 16, schedule: 'cosine' },
  },
  'wrn-28-2-low-memory': {
    label: 'CIFAR-10, little memory',
    description: 'WRN-28-2 on CIFAR-10 (efcp data fetch cifar-10): microbatches of 5, recomputation, halves and 30 % of the weights',
    settings: { model: 'wrn-28-2', data: 'cifar-10', ...wideResidual, ...thrifty, epochs: 200, batchSize: 100, microbatch: 5, stepEvery: 30_000 },
  },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof presets;
export const presetNames = Object.keys(presets) as PresetName[];

export function isPresetName(name: string): name is PresetName {
  return Object.hasOwn(presets, name);
}
