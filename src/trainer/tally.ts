/** What the last event of a run reports: the epoch's mean loss, the last validation, the highest peak. */
import * as z from 'zod';
import type { Peak } from '../memory/ledger';
import { memorySample, type FinishedEvent } from '../protocol/runEvents';
import { higherStored, type Bytes } from '../protocol/samples';

/** A tally as it is written down. */
export const tallied = z.object({
  lossSum: z.number(), lossCount: z.int().min(0),
  validation: z.object({ loss: z.number(), accuracy: z.number().optional() }).optional(),
  peak: memorySample.pick({ peakBytes: true, peakPhase: true, bytesAtPeak: true }).optional(),
  storedPeak: memorySample.shape.storedPeak,
});
export type Tallied = z.infer<typeof tallied>;

export class Tally {
  private lossSum: number;
  private lossCount: number;
  private validation: Tallied['validation'];
  private peak: Peak | undefined;
  private storedPeak: Bytes | undefined;

  constructor(from: Tallied = { lossSum: 0, lossCount: 0 }) {
    ({ lossSum: this.lossSum, lossCount: this.lossCount, validation: this.validation, peak: this.peak, storedPeak: this.storedPeak } = from);
  }

  /** What another tally goes on from. */
  written(): Tallied {
    const { lossSum, lossCount, validation, peak, storedPeak } = this;
    return { lossSum, lossCount, validation, peak, storedPeak };
  }

  startEpoch(): void {
    this.lossSum = 0;
    this.lossCount = 0;
  }

  noteLoss(loss: number): void {
    this.lossSum += loss;
    this.lossCount++;
  }

  noteValidation(validation: { readonly loss: number; readonly accuracy?: number }): void {
    this.validation = validation;
  }

  notePeak(peak: Peak): void {
    if (peak.peakBytes > (this.peak?.peakBytes ?? -1)) this.peak = peak;
    this.storedPeak = higherStored(this.storedPeak, peak.storedPeak);
  }

  /** `loss` is the mean over the steps of the last epoch. What was never measured is absent. */
  finished(reason: FinishedEvent['reason'], steps: number, why: Pick<FinishedEvent, 'message' | 'fallback'> = {}): Omit<FinishedEvent, 'sequence' | 'time'> {
    const { validation, peak, storedPeak } = this;
    return {
      type: 'finished', reason, ...why, steps,
      metrics: {
        ...(this.lossCount > 0 ? { loss: this.lossSum / this.lossCount } : {}),
        ...(validation === undefined ? {} : { validationLoss: validation.loss, ...(validation.accuracy === undefined ? {} : { validationAccuracy: validation.accuracy }) }),
      },
      ...(peak === undefined ? {} : { peakBytes: peak.peakBytes, unattributedBytes: peak.bytesAtPeak.unattributed, bytesAtPeak: peak.bytesAtPeak }),
      ...(storedPeak === undefined ? {} : { storedPeak }),
    };
  }
}
