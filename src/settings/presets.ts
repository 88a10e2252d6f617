import type { Settings } from './knobs';

export interface Preset {
  readonly label: string;
  readonly description: string;
  readonly settings: Partial<Settings>;
}

/** Runs that work on any machine, with nothing to download. */
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
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof presets;
export const presetNames = Object.keys(presets) as PresetName[];

export function isPresetName(name: string): name is PresetName {
  return Object.hasOwn(presets, name);
}
