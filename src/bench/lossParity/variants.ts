/** The techniques whose effect on the loss is measured, each as settings of the same run. */
import type { Settings } from '../../settings/knobs';

export interface ParityVariant {
  readonly name: string;
  readonly label: string;
  readonly settings: Partial<Settings>;
  /**
   * How far above the baseline's its validation loss may end in the mean over seeds, after runs as short as these; 0: the arithmetic is
   * the same, so every loss must be the baseline's, bit for bit. Where only rounding differs, a margin is about twice what seeds of the
   * baseline differ by; sparse networks fall behind at first.
   */
  readonly margin: number;
}

export interface ParityRecipe {
  /** Of all variants; the learning rate suits short runs. */
  readonly settings: Partial<Settings>;
  /** In words, for the report. */
  readonly words: string;
  readonly variants: readonly ParityVariant[];
}

const halves = { activationPrecision: 'float16', parameterPrecision: 'float16', momentPrecision: 'float16' } as const;
/** Short runs rewire more often than whole trainings, so that there is something to see. */
const often = { rewireEvery: 15 } as const;

/** `margins`: how far above the baseline each may end. */
function variantsOf(sparsity: number, margins: { readonly microbatch: number; readonly halves: number; readonly sparse: number; readonly all: number }): readonly ParityVariant[] {
  const sparse = { weightDensity: 1 - sparsity, ...often };
  const percent = Math.round(100 * sparsity);
  return [
    { name: 'baseline', label: 'baseline', settings: {}, margin: 0 },
    { name: 'recompute', label: 'recompute per block', settings: { recompute: 'block' }, margin: 0 },
    { name: 'microbatch', label: 'microbatches of 8', settings: { microbatch: 8 }, margin: margins.microbatch },
    { name: 'half-activations', label: 'float16 activations', settings: { activationPrecision: 'float16' }, margin: margins.halves },
    { name: 'half', label: 'float16 everything', settings: halves, margin: margins.halves },
    { name: 'half-master', label: 'float16, float32 master', settings: { ...halves, masterCopy: true }, margin: margins.halves },
    { name: `sparse-${percent}`, label: `${percent} % sparse, rewired`, settings: sparse, margin: margins.sparse },
    { name: 'all', label: 'all together', settings: { recompute: 'block', microbatch: 8, ...halves, ...sparse }, margin: margins.all },
  ];
}

const images: ParityRecipe = {
  settings: { optimizer: 'sgd', learningRate: 0.05, momentum: 0.9, nesterov: true, weightDecay: 5e-4, schedule: 'linear', batchSize: 32 },
  words: 'SGD with Nesterov\'s momentum 0.9, learning rate 0.05 falling linearly to 0, weight decay 5e-4, batches of 32',
  variants: variantsOf(0.7, { microbatch: 0.2, halves: 0.15, sparse: 0.4, all: 0.5 }),
};

const translations: ParityRecipe = {
  settings: { optimizer: 'adamw', learningRate: 2e-3, beta2: 0.98, weightDecay: 1e-4, schedule: 'linear', warmupSteps: 20, batchSize: 32, labelSmoothing: 0.1, dropout: 0.1, attentionDropout: 0.1, weightDropout: 0.1 },
  words: 'Adam with decoupled weight decay 1e-4 and betas 0.9 and 0.98, learning rate 2e-3 falling linearly to 0 after 20 steps of warm-up, label smoothing and dropouts of 0.1, batches of 32',
  variants: variantsOf(0.6, { microbatch: 0.05, halves: 0.05, sparse: 0.4, all: 0.4 }),
};

/** Networks, and how many steps each is trained for where nobody says: as many as take minutes. */
export const parityModels = {
  'wrn-10-1': { steps: 300, recipe: images },
  'resnet20': { steps: 60, recipe: images },
  'dynamicconv-tiny': { steps: 300, recipe: translations },
} as const;
export type ParityModelName = keyof typeof parityModels;
export const parityModelNames = Object.keys(parityModels) as ParityModelName[];
