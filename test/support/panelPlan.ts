/** A plan and an estimate with the figures of a residual network, for tests of the panel. */
import type { Estimate } from '../../src/protocol/estimate';
import type { Plan, PlanPoint } from '../../src/protocol/plan';
import { noBytes } from '../../src/protocol/samples';

const MB = 1e6;

function point(words: string, changes: PlanPoint['changes'], megabytes: number, stepMs: number, risk: PlanPoint['risk']): PlanPoint {
  return { words, changes, peakBytes: Math.round(megabytes * MB), storedBytes: Math.round(0.9 * megabytes * MB), stepMs, risk, halvings: 0 };
}

const given = point('as given', {}, 444.862, 2004, 'same');
export const small = point('microbatch 20', { microbatch: 20 }, 120.4, 2210, 'statistics');
export const sparse = point('recompute per block, microbatch 4, float16 activations, float16 parameters, 30 % of the weights', { recompute: 'block', microbatch: 4, activationPrecision: 'float16', parameterPrecision: 'float16', weightDensity: 0.3 }, 8.07, 10_800, 'sparsity');

export const samplePlan: Plan = {
  counted: 'peak', budgetBytes: 10 * MB, given,
  front: [
    given, point('recompute per block', { recompute: 'block' }, 176.1, 2405, 'same'), small, point('recompute per block, microbatch 20', { recompute: 'block', microbatch: 20 }, 62.3, 2702, 'statistics'),
    point('recompute per block, microbatch 4, float16 activations', { recompute: 'block', microbatch: 4, activationPrecision: 'float16' }, 25.4, 4010, 'precision'), sparse,
  ],
  chosen: 5,
  suggestions: [small, point('recompute per block', { recompute: 'block' }, 176.1, 2405, 'same'), point('float16 activations', { activationPrecision: 'float16' }, 251.2, 2052, 'precision'), point('30 % of the weights', { weightDensity: 0.3 }, 432.7, 3100, 'sparsity')],
  largestBatch: { batchSize: 2, unit: 'batchSize', peakBytes: 9.82 * MB, storedBytes: 9 * MB }, weighed: 1536,
  assumptions: ['No user code holds tensors across a step.', 'Times are of this machine while nothing else runs.'],
};

export const sampleEstimate: Estimate = {
  bytes: { ...noBytes(), parameters: 940_584, gradients: 940_584, optimizerState: 752_560, activations: 401_408, workspace: 940_584 }, peakBytes: 5_113_000, peakPhase: 'backward',
  bytesAtPeak: { ...noBytes(), parameters: 940_584, gradients: 940_584, optimizerState: 752_560 }, storedPeak: { ...noBytes(), parameters: 940_584, gradients: 940_584, optimizerState: 752_560, activations: 802_816 },
  stepMs: 12.1, parameterCount: 235_146, examples: 128, backend: 'wasm', assumptions: [],
};
