/** What the last event of a run reports: the epoch's mean loss, the last validation, the highest peak. */
import type { Peak } from '../memory/ledger';
import type { FinishedEvent } from '../protocol/runEvents';

export class Tally {
  private lossSum = 0;
  private lossCount = 0;
  private validation: { readonly loss: number; readonly accuracy: number } | undefined;
  private peak: Peak | undefined;

  startEpoch(): void {
    this.lossSum = 0;
    this.lossCount = 0;
  }

  noteLoss(loss: number): void {
    this.lossSum += loss;
    this.lossCount++;
  }

  noteValidation(validation: { readonly loss: number; readonly accuracy: number }): void {
    this.validation = validation;
  }

  notePeak(peak: Peak): void {
    if (peak.peakBytes > (this.peak?.peakBytes ?? -1)) this.peak = peak;
  }

  /** `loss` is the mean over the steps of the last epoch. What was never measured is absent. */
  finished(reason: FinishedEvent['reason'], steps: number, message?: string): Omit<FinishedEvent, 'sequence' | 'time'> {
    const { validation, peak } = this;
    return {
      type: 'finished', reason, ...(message === undefined ? {} : { message }), steps,
      metrics: {
        ...(this.lossCount > 0 ? { loss: this.lossSum / this.lossCount } : {}),
        ...(validation === undefined ? {} : { validationLoss: validation.loss, validationAccuracy: validation.accuracy }),
      },
      ...(peak === undefined ? {} : { peakBytes: peak.peakBytes, unattributedBytes: peak.bytesAtPeak.unattributed, bytesAtPeak: peak.bytesAtPeak }),
    };
  }
}
