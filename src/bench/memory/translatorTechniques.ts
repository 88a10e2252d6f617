/** What `efcp bench memory` measures of translators: the techniques alone, and together; Adam holds two moments of every parameter. */
import type { Settings } from '../../settings/knobs';
import type { Technique } from './techniques';

/** The published recipe for IWSLT'14, German to English. */
export const translatorSettings = {
  optimizer: 'adamw', learningRate: 5e-4, beta2: 0.98, weightDecay: 1e-4, schedule: 'inverse-sqrt', warmupSteps: 4000,
  dropout: 0.3, attentionDropout: 0.1, weightDropout: 0.1, labelSmoothing: 0.1,
} as const satisfies Partial<Settings>;

/** A first loss scale at which the first steps do not overflow. */
const halves = { lossScale: 256, activationPrecision: 'float16', parameterPrecision: 'float16', momentPrecision: 'float16' } as const;
const block = { recompute: 'block' } as const;

export const translatorTechniques: readonly Technique[] = [
  { name: 'baseline', label: 'baseline: eager tape, float32', settings: {} },
  { name: 'plain-tfjs', label: 'plain TensorFlow.js', settings: {} },
  { name: 'recompute-block', label: 'recompute per layer', settings: block },
  { name: 'microbatch-20', label: 'microbatch 20', settings: { microbatch: 20 } },
  { name: 'microbatch-4', label: 'microbatch 4', settings: { microbatch: 4 } },
  { name: 'half-activations', label: 'float16 activations', settings: { activationPrecision: 'float16' } },
  { name: 'half', label: 'float16 everything', settings: halves },
  { name: 'half-master', label: 'float16, float32 master', settings: { ...halves, masterCopy: true } },
  { name: 'sparse-60', label: '60 % sparse', settings: { weightDensity: 0.4 } },
  { name: 'fused-update', label: 'fused update', settings: { fusedUpdate: true, lossScaling: 'off' } },
  { name: 'block+half', label: 'per layer, float16', settings: { ...block, ...halves } },
  { name: 'microbatch-20+block+half', label: 'microbatch 20, per layer, float16', settings: { ...block, ...halves, microbatch: 20 } },
  { name: 'sparse-40+half+microbatch-20+block', label: '40 % sparse, float16, microbatch 20, per layer', settings: { ...block, ...halves, weightDensity: 0.6, microbatch: 20 } },
  { name: 'sparse-60+half+microbatch-20+block', label: '60 % sparse, float16, microbatch 20, per layer', settings: { ...block, ...halves, weightDensity: 0.4, microbatch: 20 } },
  { name: 'sparse-80+half+microbatch-4+block', label: '80 % sparse, float16, microbatch 4, per layer', settings: { ...block, ...halves, weightDensity: 0.2, microbatch: 4 } },
];
