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

/** The recipe of all variants; the learning rate suits short runs. */
export const paritySettings = { optimizer: 'sgd', learningRate: 0.05, momentum: 0.9, nesterov: true, weightDecay: 5e-4, schedule: 'linear', batchSize: 32 } as const satisfies Partial<Settings>;

const halves = { activationPrecision: 'float16', parameterPrecision: 'float16', momentPrecision: 'float16' } as const;
/** Short runs rewire more often than whole trainings, so that there is something to see. */
const sparse = { weightDensity: 0.3, rewireEvery: 15 } as const;

export const parityVariants: readonly ParityVariant[] = [
  { name: 'baseline', label: 'baseline', settings: {}, margin: 0 },
  { name: 'recompute', label: 'recompute per block', settings: { recompute: 'block' }, margin: 0 },
  { name: 'microbatch', label: 'microbatches of 8', settings: { microbatch: 8 }, margin: 0.2 },
  { name: 'half-activations', label: 'float16 activations', settings: { activationPrecision: 'float16' }, margin: 0.15 },
  { name: 'half', label: 'float16 everything', settings: halves, margin: 0.15 },
  { name: 'half-master', label: 'float16, float32 master', settings: { ...halves, masterCopy: true }, margin: 0.15 },
  { name: 'sparse-70', label: '70 % sparse, rewired', settings: sparse, margin: 0.4 },
  { name: 'all', label: 'all together', settings: { recompute: 'block', microbatch: 8, ...halves, ...sparse }, margin: 0.5 },
];
