/** What `efcp bench memory` measures of networks for images: every technique of low-memory training alone, and combinations of them, as settings of a run. */
import type { Settings } from '../../settings/knobs';

export interface Technique {
  readonly name: string;
  /** For tables and pictures. */
  readonly label: string;
  readonly settings: Partial<Settings>;
}

/** A first loss scale at which the first steps of these networks do not overflow. */
const halves = { lossScale: 256, activationPrecision: 'float16', parameterPrecision: 'float16', momentPrecision: 'float16' } as const;
const block = { recompute: 'block' } as const;

/** SGD with Nesterov's momentum, as in the recipes for these networks. */
export const imageSettings = { optimizer: 'sgd', learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 5e-4 } as const satisfies Partial<Settings>;

/** The first is what the others are compared with; `plain-tfjs` is TensorFlow.js by itself, with none of our code but the count of bytes. */
export const imageTechniques: readonly Technique[] = [
  { name: 'baseline', label: 'baseline: eager tape, float32', settings: {} },
  { name: 'plain-tfjs', label: 'plain TensorFlow.js', settings: {} },
  { name: 'recompute-block', label: 'recompute per block', settings: block },
  { name: 'recompute-every-4', label: 'recompute every 4 layers', settings: { recompute: 'every', recomputeEvery: 4 } },
  { name: 'recompute-sqrt', label: 'recompute √n', settings: { recompute: 'sqrt' } },
  { name: 'recompute-budget', label: 'recompute within 200 MB', settings: { recompute: 'budget', recomputeBudget: 200 } },
  { name: 'microbatch-10', label: 'microbatch 10', settings: { microbatch: 10 } },
  { name: 'microbatch-5', label: 'microbatch 5', settings: { microbatch: 5 } },
  { name: 'half-activations', label: 'float16 activations', settings: { activationPrecision: 'float16' } },
  { name: 'half', label: 'float16 everything', settings: halves },
  { name: 'half-master', label: 'float16, float32 master', settings: { ...halves, masterCopy: true } },
  { name: 'sparse-70', label: '70 % sparse', settings: { weightDensity: 0.3 } },
  { name: 'sparse-90', label: '90 % sparse', settings: { weightDensity: 0.1 } },
  { name: 'fused-update', label: 'fused update', settings: { fusedUpdate: true, lossScaling: 'off' } },
  { name: 'block+half', label: 'per block, float16', settings: { ...block, ...halves } },
  { name: 'microbatch-10+block', label: 'microbatch 10, per block', settings: { ...block, microbatch: 10 } },
  { name: 'sparse-70+half+microbatch-5+block', label: '70 % sparse, float16, microbatch 5, per block', settings: { ...block, ...halves, weightDensity: 0.3, microbatch: 5 } },
  { name: 'sparse-70+half+microbatch-4+block', label: '70 % sparse, float16, microbatch 4, per block', settings: { ...block, ...halves, weightDensity: 0.3, microbatch: 4 } },
  { name: 'sparse-80+half+microbatch-5+block', label: '80 % sparse, float16, microbatch 5, per block', settings: { ...block, ...halves, weightDensity: 0.2, microbatch: 5 } },
  { name: 'sparse-90+half+microbatch-1+block', label: '90 % sparse, float16, microbatch 1, per block', settings: { ...block, ...halves, weightDensity: 0.1, microbatch: 1 } },
];

/** Our names of the baseline and of TensorFlow.js by itself. */
export const [baselineName, plainName] = ['baseline', 'plain-tfjs'];
