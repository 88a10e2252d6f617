/**
 * Bytes of a run of which several threads hold a part, each with a ledger of its own: the sum of its own ledger and of what the others
 * report. Between steps the others wait, and the sum is exact. While they compute, their highest instants and ours are added up,
 * although they need not be the same instant: an upper bound of the peak.
 */
import { categories, noBytes, type Bytes } from '../protocol/samples';
import type { Peak } from './ledger';

/** What a run reads of its ledger, whether it is one or several. */
export interface Figures {
  /** Live bytes now, category by category. */
  live(): Bytes;
  /** The highest instant since the last call. */
  takePeak(): Peak;
}

export class JointLedger implements Figures {
  private highest: Peak | undefined;

  /** `waiting`: what the others hold now, before they compute for the first time. */
  constructor(private readonly own: Figures, private waiting: Bytes) {}

  /** The others begin to compute. */
  begin(): void {
    this.endStretch(this.waiting);
  }

  /** The others wait again: `peak` is the sum of the highest that each of them held meanwhile, `waiting` what they hold now. */
  end(peak: Bytes, waiting: Bytes): void {
    this.endStretch(peak);
    this.waiting = waiting;
  }

  live(): Bytes {
    return addedBytes([this.own.live(), this.waiting]);
  }

  takePeak(): Peak {
    const peak = this.endStretch(this.waiting);
    this.highest = undefined;
    return peak;
  }

  /** Takes note of our highest instant since the last stretch, during which the others held `theirs`. */
  private endStretch(theirs: Bytes): Peak {
    const { peakPhase, bytesAtPeak: ours } = this.own.takePeak();
    const bytesAtPeak = addedBytes([ours, theirs]);
    const peak = { peakPhase, bytesAtPeak, peakBytes: categories.reduce((sum, category) => sum + bytesAtPeak[category], 0) };
    if (this.highest === undefined || peak.peakBytes > this.highest.peakBytes) this.highest = peak;
    return this.highest;
  }
}

export function addedBytes(parts: readonly Readonly<Bytes>[]): Bytes {
  const sum = noBytes();
  for (const part of parts) for (const category of categories) sum[category] += part[category];
  return sum;
}
