/**
 * What was predicted for a run beside what it turned out to take, while it goes on with the settings that it was started with: a change
 * that alters bytes or time ends the comparison, which then stands as it was.
 */
import * as z from 'zod';
import { sections } from '../settings/knobTable';
import { relativeError, type Estimate } from './estimate';
import type { AppliedEvent, FinishedEvent, SampleEvent } from './runEvents';
import { storedBytes } from './samples';

const compared = z.object({ predicted: z.number().min(0), measured: z.number().min(0) });
export type Compared = z.infer<typeof compared>;

export const comparison = z.object({
  peakBytes: compared,
  /** The highest sum of all categories but workspace. */
  storedBytes: compared.optional(),
  /** Of the optimizer. */
  stateBytes: compared,
  /** Of the mean step without the first, in code not yet compiled. */
  stepMs: compared.optional(),
  /** The last step that it covers. */
  step: z.int().min(1),
});
export type Comparison = z.infer<typeof comparison>;

/** What was measured so far with the settings of the start. Plain data, since it crosses to a webview. */
export interface MeasuredAsStarted {
  peakBytes: number;
  storedBytes: number | undefined;
  stateBytes: number;
  stepMs: number;
  timedSteps: number;
  step: number;
  isClosed: boolean;
}

export function nothingMeasured(): MeasuredAsStarted {
  return { peakBytes: 0, storedBytes: undefined, stateBytes: 0, stepMs: 0, timedSteps: 0, step: 0, isClosed: false };
}

export function noteSample(measured: MeasuredAsStarted, { step, steps, stepMs, memory: { peakBytes, storedPeak, stateBytes } }: Pick<SampleEvent, 'step' | 'steps' | 'stepMs' | 'memory'>): void {
  if (measured.isClosed) return;
  measured.peakBytes = Math.max(measured.peakBytes, peakBytes);
  if (storedPeak !== undefined) measured.storedBytes = Math.max(measured.storedBytes ?? 0, storedBytes(storedPeak));
  measured.stateBytes = Object.values(stateBytes).reduce((sum, bytes) => sum + bytes, 0);
  measured.step = step;
  if (step === steps) return;
  measured.timedSteps += steps;
  measured.stepMs += (stepMs - measured.stepMs) * steps / measured.timedSteps;
}

/** Changes of other settings leave what a step takes as it is. */
export function noteChange(measured: MeasuredAsStarted, { to, stateBytesBefore, stateBytesAfter }: Pick<AppliedEvent, 'to' | 'stateBytesBefore' | 'stateBytesAfter'>): void {
  if (stateBytesBefore !== stateBytesAfter || Object.keys(to).some(name => name in sections.memory)) measured.isClosed = true;
}

/** The last validation comes after the last sample. */
export function noteEnd(measured: MeasuredAsStarted, { peakBytes = 0, storedPeak }: Pick<FinishedEvent, 'peakBytes' | 'storedPeak'>): void {
  if (measured.isClosed) return;
  measured.peakBytes = Math.max(measured.peakBytes, peakBytes);
  if (storedPeak !== undefined) measured.storedBytes = Math.max(measured.storedBytes ?? 0, storedBytes(storedPeak));
}

/** Undefined before the first step. */
export function comparisonOf(estimate: Pick<Estimate, 'peakBytes' | 'storedPeak' | 'bytes' | 'stepMs'>, measured: MeasuredAsStarted): Comparison | undefined {
  if (measured.step === 0) return undefined;
  const { peakBytes, storedBytes: stored, stateBytes, stepMs, timedSteps, step } = measured;
  return {
    peakBytes: { predicted: estimate.peakBytes, measured: peakBytes }, stateBytes: { predicted: estimate.bytes.optimizerState, measured: stateBytes }, step,
    ...stored === undefined ? {} : { storedBytes: { predicted: storedBytes(estimate.storedPeak), measured: stored } },
    ...estimate.stepMs === undefined || timedSteps === 0 ? {} : { stepMs: { predicted: estimate.stepMs, measured: stepMs } },
  };
}

/** Undefined where nothing was measured that a share could be of. */
export function errorOf({ predicted, measured }: Compared): number | undefined {
  return relativeError(predicted, measured);
}
