/** The techniques whose effect on the loss is measured, each as settings of the same run. */
import type { Settings } from '../../settings/knobs';

export interface ParityVariant {
  readonly name: string;
  readonly label: string;
  readonly settings: Partial<Settings>;
  /** The arithmetic is the same, so every loss must be the baseline's, bit for bit. */
  readonly identical: boolean;
}

/** The recipe of all variants; the learning rate suits short runs. */
export const paritySettings = { optimizer: 'sgd', learningRate: 0.05, momentum: 0.9, nesterov: true, weightDecay: 5e-4, batchSize: 32 } as const satisfies Partial<Settings>;

const halves = { activationPrecision: 'float16', parameterPrecision: 'float16', momentPrecision: 'float16' } as const;
/** Short runs rewire more often than whole trainings, so that there is something to see. */
const sparse = { weightDensity: 0.3, rewireEvery: 15 } as const;

export const parityVariants: readonly ParityVariant[] = [
  { name: 'baseline', label: 'baseline', settings: {}, identical: true },
  { name: 'recompute', label: 'recompute per block', settings: { recompute: 'block' }, identical: true },
  { name: 'microbatch', label: 'microbatches of 8', settings: { microbatch: 8 }, identical: false },
  { name: 'half-activations', label: 'float16 activations', settings: { activationPrecision: 'float16' }, identical: false },
  { name: 'half', label: 'float16 everything', settings: halves, identical: false },
  { name: 'half-master', label: 'float16, float32 master', settings: { ...halves, masterCopy: true }, identical: false },
  { name: 'sparse-70', label: '70 % sparse, rewired', settings: sparse, identical: false },
  { name: 'all', label: 'all together', settings: { recompute: 'block', microbatch: 8, ...halves, ...sparse }, identical: false },
];
