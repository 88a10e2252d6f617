/** How parameters are moved: the hyperparameters of all optimizers. */
import type { Knob } from './knob';
import { adamLike, compressed, ggt, lowRank, mfac, sided, sparse, windowed } from './optimizers';

export const optimizerKnobs = {
  learningRate: {
    kind: 'number', label: 'Learning rate', default: 0.05, min: 1e-7, max: 100, scale: 'log', applies: 'nextStep',
    defaultFor: { 'ggt': 1, 'sparse-ggt': 1, 'low-rank-ggt': 1, sgd: 0.1, adamw: 0.001, 'adamw-8bit': 0.001, 'micro-adam': 0.001, adafactor: 0.003, muon: 0.002, shampoo: 0.1, soap: 0.003 },
    help: 'Step length (eta). A second-order step is inversely proportional to the gradient: tune it per optimizer.',
  },
  schedule: {
    kind: 'choice', label: 'Schedule', default: 'constant', options: ['constant', 'linear', 'cosine', 'step', 'inverse-sqrt'], applies: 'nextStep',
    help: 'How the learning rate falls after the warm-up: linear and cosine reach zero at the last step; step multiplies it by the step factor; inverse-sqrt follows 1/sqrt(step).',
  },
  warmupSteps: {
    kind: 'number', label: 'Warm-up steps', default: 0, min: 0, max: 1_000_000, smallest: 1, integer: true, scale: 'log', applies: 'nextStep',
    help: 'Steps in which the learning rate rises in proportion from zero to its full value.',
  },
  stepEvery: {
    kind: 'number', label: 'Step every', default: 1000, min: 1, max: 10_000_000, integer: true, scale: 'log', applies: 'nextStep',
    help: 'Steps between two cuts of the learning rate under the schedule "step".',
  },
  stepFactor: {
    kind: 'number', label: 'Step factor', default: 0.1, min: 1e-4, max: 1, scale: 'log', applies: 'nextStep',
    help: 'What each cut multiplies the learning rate by under the schedule "step".',
  },
  momentum: {
    kind: 'number', label: 'Momentum', default: 0, min: 0, max: 0.999, scale: 'linear', applies: 'remapState', usedBy: [...mfac, ...ggt, 'sgd', 'muon', 'shampoo'],
    defaultFor: { muon: 0.95 },
    help: 'v = momentum * v + update, after preconditioning (muon: before). Above 0 it holds 4 bytes per parameter; 0 frees them.',
  },
  nesterov: {
    kind: 'switch', label: 'Nesterov', default: false, applies: 'nextStep', usedBy: ['sgd'],
    help: 'Looks ahead by one step of momentum: the update is u + momentum * v, in place of v.',
  },
  weightDecay: {
    kind: 'number', label: 'Weight decay', default: 0, min: 0, max: 1, smallest: 1e-6, scale: 'log', applies: 'nextStep',
    help: 'Decoupled: every step shrinks the parameters by learning rate times this.',
  },
  groups: {
    kind: 'groups', label: 'Parameter groups', default: [], applies: 'newRun',
    help: 'Settings for some tensors only: [{"match": "bias$", "weightDecay": 0}, {"dimensions": 1, "exact": true}].',
  },
  clipNorm: {
    kind: 'number', label: 'Clip norm', default: null, min: 1e-6, max: 1e6, scale: 'log', nullMeans: 'off', applies: 'nextStep',
    help: 'Scales a vector down to this Euclidean norm where it is longer.',
  },
  clipValue: {
    kind: 'number', label: 'Clip value', default: null, min: 1e-9, max: 1e6, scale: 'log', nullMeans: 'off', applies: 'nextStep',
    help: 'Bounds every entry of a vector to this magnitude; before clipping by norm.',
  },
  clipTarget: {
    kind: 'choice', label: 'Clip what', default: 'gradient', options: ['gradient', 'update'], applies: 'nextStep',
    help: 'Whether the gradient or the update is clipped. EFCP clips the preconditioned update.',
  },
  density: {
    kind: 'number', label: 'Density', default: 0.01, min: 1e-4, max: 1, scale: 'log', applies: 'remapState', usedBy: sparse,
    help: 'Fraction of each gradient kept by Top-K (1 - sparsity). The window grows in proportion.',
  },
  rank: {
    kind: 'number', label: 'Rank', default: 4, min: 1, max: 256, integer: true, scale: 'log', applies: 'remapState', usedBy: lowRank,
    help: 'Rank of what is kept of every matrix of a gradient. 1-D tensors are kept exactly.',
  },
  window: {
    kind: 'number', label: 'Window', default: 32, min: 1, max: 1024, integer: true, scale: 'log', applies: 'remapState', usedBy: windowed,
    defaultFor: { 'micro-adam': 10 },
    help: 'Gradients remembered by the optimizer (m). Shrinking keeps the newest rows.',
  },
  damping: {
    kind: 'number', label: 'Damping', default: 0.1, min: 1e-10, max: 100, scale: 'log', applies: 'nextStep', usedBy: mfac,
    help: 'lambda, added to the diagonal of the Fisher matrix. Larger is closer to plain gradient descent.',
  },
  blockSize: {
    kind: 'number', label: 'Block size', default: 16_384, min: 2, max: 65_536, integer: true, scale: 'log', applies: 'remapState',
    usedBy: sparse, nullMeans: 'one global block',
    help: 'Top-K keeps the largest entries of every block of this many parameters. null: one global block.',
  },
  valuePrecision: {
    kind: 'choice', label: 'Value precision', default: 'float32', options: ['float32', 'bfloat16'], applies: 'remapState', usedBy: sparse,
    defaultFor: { 'micro-adam': 'bfloat16' },
    help: 'How the kept values are held: 4 or 2 bytes each. Error feedback makes up for the rounding.',
  },
  errorFeedback: {
    kind: 'switch', label: 'Error feedback', default: true, applies: 'newRun', usedBy: compressed,
    help: 'Adds what compression left out (the residual) to the next gradient. Off is an ablation: it converges worse.',
  },
  errorFeedbackBits: {
    kind: 'choice', label: 'Residual bits', default: 32, options: [32, 16, 8, 4], applies: 'remapState', usedBy: compressed,
    defaultFor: { 'micro-adam': 4 },
    help: 'Bits per parameter of the residual: float32, bfloat16, or 8- or 4-bit codes between the extremes of each 1,024.',
  },
  beta1: {
    kind: 'number', label: 'Beta 1', default: 0.9, min: 0, max: 0.9999, scale: 'linear', applies: 'nextStep', usedBy: adamLike,
    help: 'Decay of the first moment.',
  },
  beta2: {
    kind: 'number', label: 'Beta 2', default: 0.999, min: 0, max: 1, scale: 'linear', applies: 'nextStep', usedBy: [...adamLike, ...ggt, 'shampoo'],
    defaultFor: { ggt: 1, 'sparse-ggt': 1, 'low-rank-ggt': 1 },
    maxFor: { adamw: 0.99999, 'adamw-8bit': 0.99999, 'micro-adam': 0.99999, muon: 0.99999, soap: 0.99999 },
    help: 'Decay of the second moment; ggt: how much a row counts less with every step of age (1: all alike); shampoo: decay of its statistics (1: their sum).',
  },
  epsilon: {
    kind: 'number', label: 'Epsilon', default: 1e-8, min: 1e-30, max: 1, scale: 'log', applies: 'nextStep', usedBy: [...adamLike, ...ggt, 'adafactor', 'shampoo'],
    defaultFor: { ggt: 1e-5, 'sparse-ggt': 1e-5, 'low-rank-ggt': 1e-5, adafactor: 1e-30, shampoo: 1e-6 },
    help: 'Added to the root that divides: of the second moment (adam), of the singular values (ggt), of the statistics (shampoo).',
  },
  preconditionInterval: {
    kind: 'number', label: 'Precondition every', default: 10, min: 1, max: 10_000, integer: true, scale: 'log', applies: 'nextStep', usedBy: sided,
    help: 'Steps between two computations of the matrix roots (shampoo) or of the bases (soap).',
  },
  matrixLimit: {
    kind: 'number', label: 'Longest side', default: 1024, min: 1, max: 8192, integer: true, scale: 'log', applies: 'newRun', usedBy: sided,
    help: 'Sides of a matrix longer than this are not preconditioned: their statistics would hold 4 bytes times the square.',
  },
} as const satisfies Record<string, Knob>;
