/** Estimates as plain arithmetic, for tests of who asks for them and what is made of the answers. */
import type { Estimate } from '../../../src/protocol/estimate';
import { noBytes, sumBytes } from '../../../src/protocol/samples';
import type { Settings } from '../../../src/settings/knobs';

/** 1,000 bytes of activations an example at once, 100 a remembered gradient; a step of 10 ms, and 1 ms more a remembered gradient. */
export function estimateOf({ microbatch, batchSize, window, backend }: Settings): Estimate {
  const bytes = { ...noBytes(), parameters: 5000, optimizerState: 100 * window, activations: 1000 * (microbatch ?? batchSize), workspace: 77 };
  return {
    bytes, peakBytes: sumBytes(bytes), peakPhase: 'backward', bytesAtPeak: bytes, storedPeak: bytes, stepMs: 10 + window,
    parameterCount: 1250, examples: batchSize, backend, assumptions: [],
  };
}
