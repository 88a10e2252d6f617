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

/** As published for this translator (arXiv 1901.10430, fairseq's recipe for IWSLT'14): Adam whose rate rises for 4,000 steps and then falls as 1/sqrt(step). */
const translator = {
  optimizer: 'adamw', beta1: 0.9, beta2: 0.98, weightDecay: 0.0001, learningRate: 0.0005, schedule: 'inverse-sqrt', warmupSteps: 4000,
  labelSmoothing: 0.1, dropout: 0.3, attentionDropout: 0.1, weightDropout: 0.1, batchTokens: 4000, checkpointEvery: 1, checkpointsKept: 10,
} as const satisfies Partial<Settings>;

/** The published preparation limits words alone, to 175. */
const talks = { model: 'dynamicconv', data: 'iwslt14', maxTokens: 1024 } as const satisfies Partial<Settings>;

/** As published for fine-tuning BERT on GLUE (arXiv 2306.06098): three epochs, lines of up to 128 tokens. */
const fineTuning = { model: 'bert-tiny', data: 'sst-2', epochs: 3, batchSize: 32, maxTokens: 128, learningRate: 0.00002, schedule: 'linear', clipNorm: 1 } as const satisfies Partial<Settings>;

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
  'messages-translator': {
    label: 'Messages, translator',
    description: 'A small translator of dynamic convolutions on German messages of a compiler and their English originals, built in',
    settings: { ...translator, model: 'dynamicconv-tiny', data: 'messages', learningRate: 0.002, schedule: 'linear', warmupSteps: 50, dropout: 0.1, merges: 1000, maxTokens: 60, batchTokens: 1500, epochs: 20, checkpointsKept: 5 },
  },
  'iwslt14-dynamicconv': {
    label: 'IWSLT\'14, DynamicConv',
    description: 'DynamicConv on German and English talks (files that you bring) with the published recipe: about 50,000 steps of 4,000 tokens',
    settings: { ...translator, ...talks, epochs: 46 },
  },
  'iwslt14-low-memory': {
    label: 'IWSLT\'14, little memory',
    description: 'The same with microbatches, recomputation by layer, halves and 40 % of the weights',
    settings: { ...translator, ...thrifty, ...talks, epochs: 46, microbatch: 16, weightDensity: 0.4 },
  },
  'message-kinds-bert': {
    label: 'Messages by kind, BERT',
    description: 'BERT-tiny from random weights tells errors of a compiler from its other messages, built in',
    settings: { model: 'bert-tiny', data: 'message-kinds', optimizer: 'adamw', learningRate: 0.001, schedule: 'linear', warmupSteps: 50, epochs: 3, batchSize: 32, maxTokens: 64, merges: 2000 },
  },
  'bert-adamw': {
    label: 'BERT, AdamW',
    description: 'Fine-tunes BERT-tiny on SST-2 (efcp data fetch sst-2) from the weights that "pretrained" names; the baseline',
    settings: { ...fineTuning, optimizer: 'adamw' },
  },
  'bert-sparse-mfac': {
    label: 'BERT, S-MFAC',
    description: 'The same with S-MFAC: a window of 1,024 gradients at 1 % density',
    settings: { ...fineTuning, optimizer: 'sparse-mfac', damping: 0.00005, window: 1024, density: 0.01 },
  },
  'bert-low-rank-mfac': {
    label: 'BERT, LR-MFAC',
    description: 'The same with LR-MFAC: a window of 1,024 gradients of rank 4',
    settings: { ...fineTuning, optimizer: 'low-rank-mfac', damping: 0.00005, window: 1024, rank: 4 },
  },
  'bert-micro-adam': {
    label: 'BERT, MicroAdam',
    description: 'The same with MicroAdam: a window of 10 gradients at 1 % density, a residual of 4 bits',
    settings: { ...fineTuning, optimizer: 'micro-adam' },
  },
  'linear-probe': {
    label: 'Linear probe, S-GGT',
    description: 'One dense layer on 768 made-up features in 1,000 classes, S-GGT at 1 % density over 100 gradients, as EFCP probes an encoder',
    settings: { model: 'logistic', data: 'features', optimizer: 'sparse-ggt', density: 0.01, window: 100, learningRate: 5, schedule: 'cosine', epochs: 6, batchSize: 128, momentum: 0, beta2: 1, epsilon: 0.00001 },
  },
  'text-language-model': {
    label: 'Messages, language model',
    description: 'A small language model of causal convolutions on English messages, or on the text that "sourceFile" names',
    settings: { model: 'language-model', data: 'text', optimizer: 'adamw', learningRate: 0.002, schedule: 'linear', warmupSteps: 50, merges: 1000, maxTokens: 64, batchTokens: 2048, epochs: 10 },
  },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof presets;
export const presetNames = Object.keys(presets) as PresetName[];

export function isPresetName(name: string): name is PresetName {
  return Object.hasOwn(presets, name);
}
