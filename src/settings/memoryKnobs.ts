/** What is done to hold fewer bytes while training. MB are 10^6 bytes. */
import type { Knob } from './knob';
import { elementwise } from './optimizers';

const precisions = ['float32', 'float16', 'bfloat16'] as const;

export const memoryKnobs = {
  microbatch: {
    kind: 'number', label: 'Microbatch', default: null, min: 1, max: 8192, integer: true, scale: 'log', nullMeans: 'the whole batch', applies: 'nextStep',
    help: 'Examples (lines of text) that run through the model at once; the gradients of a batch\'s slices are accumulated, and the update is one. Activations shrink in proportion. Batch normalisation takes its statistics from each slice.',
  },
  recompute: {
    kind: 'choice', label: 'Recompute', default: 'none', options: ['none', 'every', 'sqrt', 'block', 'named', 'budget'], applies: 'nextStep',
    help: 'Which activations are dropped and computed again in the backward pass. every: segments of so many layers. sqrt: about as many segments as each has layers. block: up to each residual sum, or layer of an encoder or decoder. named: the named layers. budget: the fastest way to hold so many bytes.',
  },
  recomputeEvery: {
    kind: 'number', label: 'Layers per segment', default: 2, min: 1, max: 1000, integer: true, scale: 'log', applies: 'nextStep',
    help: 'Layers in each segment that is recomputed as a whole, under recompute "every".',
  },
  recomputeLayers: {
    kind: 'names', label: 'Recomputed layers', default: [], of: 'layers', applies: 'nextStep',
    help: 'Names of the layers that are recomputed, under recompute "named"; neighbours form one segment. A name also stands for those that begin with it and a slash.',
  },
  recomputeBudget: {
    kind: 'number', label: 'Activation budget', default: 100, min: 0.001, max: 1_000_000, scale: 'log', applies: 'nextStep',
    help: 'MB (10^6 bytes) of activations and their gradients to stay within at any instant, under recompute "budget"; the least recomputation that does is found.',
  },
  activationPrecision: {
    kind: 'choice', label: 'Activation storage', default: 'float32', options: precisions, applies: 'nextStep',
    help: 'How activations are stored from the forward to the backward pass: 4 or 2 bytes each. All arithmetic is in float32.',
  },
  parameterPrecision: {
    kind: 'choice', label: 'Parameter storage', default: 'float32', options: precisions, applies: 'newRun',
    help: 'How parameters and their gradients are stored: 4 or 2 bytes each. A layer gets a float32 copy while it runs.',
  },
  momentPrecision: {
    kind: 'choice', label: 'Moment storage', default: 'float32', options: precisions, applies: 'newRun', usedBy: elementwise,
    help: 'How the optimizer\'s velocity or moments are stored: 4 or 2 bytes each.',
  },
  masterCopy: {
    kind: 'switch', label: 'Master copy', default: false, applies: 'newRun',
    help: 'Keeps the parameters in float32 as well and updates those, so that small steps are not rounded away: 4 bytes more per parameter.',
  },
  lossScaling: {
    kind: 'choice', label: 'Loss scaling', default: 'auto', options: ['auto', 'off', 'dynamic'], applies: 'newRun',
    help: 'dynamic: multiplies the loss, so that small gradients survive in halves, and skips a step whose gradients overflow. auto: dynamic where parameters are float16, or else off.',
  },
  lossScale: {
    kind: 'number', label: 'First loss scale', default: 65_536, min: 1, max: 16_777_216, scale: 'log', applies: 'newRun',
    help: 'What dynamic loss scaling multiplies the loss by at first; it halves with every step that is skipped.',
  },
  lossScaleGrowthInterval: {
    kind: 'number', label: 'Loss scale grows after', default: 2000, min: 1, max: 1_000_000, integer: true, scale: 'log', applies: 'newRun',
    help: 'Good steps in a row after which the loss scale doubles.',
  },
  weightDensity: {
    kind: 'number', label: 'Weight density', default: 1, min: 0.01, max: 1, scale: 'log', applies: 'newRun',
    help: 'Fraction of the weights that are not zero, in the tensors that may be sparse; those, their gradients and moments are stored as non-zeros with one shared index. 1: dense.',
  },
  rewireEvery: {
    kind: 'number', label: 'Rewire every', default: 100, min: 1, max: 1_000_000, integer: true, scale: 'log', applies: 'newRun',
    help: 'Steps between two rewirings: the smallest weights are removed, and as many grow elsewhere, from zero.',
  },
  rewireUntil: {
    kind: 'number', label: 'Rewire until', default: 0.95, min: 0, max: 1, scale: 'linear', applies: 'newRun',
    help: 'Fraction of the run\'s steps after which the connections stay as they are. 0: they never move.',
  },
  rewireFraction: {
    kind: 'number', label: 'Rewired fraction', default: 0.03, min: 0.001, max: 0.5, scale: 'log', applies: 'newRun',
    help: 'Fraction of the non-zero weights that a rewiring is to move; the threshold of removal follows it.',
  },
  fusedUpdate: {
    kind: 'switch', label: 'Fused update', default: false, applies: 'newRun',
    help: 'Updates every tensor as soon as its gradient is known, so that one gradient is alive at a time.',
  },
} as const satisfies Record<string, Knob>;
