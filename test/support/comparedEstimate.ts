/** An estimate beside steps of the real run: shares by which the prediction misses. */
import assert from 'node:assert/strict';
import type { Estimate } from '../../src/protocol/estimate';
import { relativeError } from '../../src/protocol/relativeError';
import { storedBytes } from '../../src/protocol/samples';
import type { Settings } from '../../src/settings/knobs';
import type { Estimator } from '../../src/trainer/estimate/estimator';
import { measuredSteps, type Measured } from './measuredStep';

export interface Errors {
  readonly peak: number;
  readonly stored: number;
  readonly state: number;
}

/** Asserts what an estimate promises: 1 % of the state, 5 % of the peak. */
export async function assertEstimated(estimator: Estimator, settings: Settings, workspace?: string): Promise<Errors> {
  const estimate = await estimator.estimate(settings, { bytesOnly: true });
  const measured = await measuredSteps(settings, workspace);
  const errors = errorsOf(estimate, measured);
  const both = JSON.stringify({ predicted: estimate.bytesAtPeak, in: estimate.peakPhase, measured: measured.bytesAtPeak, while: measured.peakPhase });
  assert.ok(errors.state <= 0.01, `state ${estimate.bytes.optimizerState} for ${measured.stateBytes}`);
  assert.ok(errors.peak <= 0.05, `peak ${estimate.peakBytes} for ${measured.peakBytes}: ${both}`);
  assert.ok(errors.stored <= 0.05, `stored ${storedBytes(estimate.storedPeak)} for ${measured.storedBytes}: ${both}`);
  return errors;
}

export function errorsOf({ peakBytes, bytes, storedPeak }: Estimate, measured: Measured): Errors {
  const error = (predicted: number, real: number) => Math.abs(relativeError(predicted, real) ?? predicted);
  return { peak: error(peakBytes, measured.peakBytes), state: error(bytes.optimizerState, measured.stateBytes), stored: error(storedBytes(storedPeak), measured.storedBytes) };
}
