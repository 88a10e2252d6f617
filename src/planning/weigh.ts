/** A combination of settings as a point of a plan: its bytes estimated, its time as it was found for its parts. */
import type { PlanPoint } from '../protocol/plan';
import { storedBytes } from '../protocol/samples';
import type { Settings } from '../settings/knobs';
import { InputError } from '../settings/problem';
import type { PlanSource } from './planSource';
import type { Candidate } from './search';
import { wordsOf } from './words';

export class Weigher {
  private readonly known = new Map<string, PlanPoint | undefined>();

  constructor(private readonly source: PlanSource, private readonly given: Settings, private readonly signal?: AbortSignal) {}

  /** Undefined where these settings cannot be trained with. */
  async weigh(candidate: Candidate): Promise<PlanPoint | undefined> {
    const key = JSON.stringify(candidate.change);
    if (!this.known.has(key)) this.known.set(key, await this.make(candidate));
    return this.known.get(key);
  }

  private async make({ change, risk, halvings, bytes, storedBytes: least, ms, isTimed, segments }: Candidate): Promise<PlanPoint | undefined> {
    const { source, given, signal } = this;
    try {
      const estimate = await source.estimate({ ...given, ...change }, { bytesOnly: true, signal, segments });
      // A run may use all of a budget, which the formulas have counted.
      const stored = Math.max(segments === undefined ? 0 : least, storedBytes(estimate.storedPeak));
      return {
        changes: change, words: wordsOf(change), risk, halvings, storedBytes: stored, peakBytes: Math.max(stored, segments === undefined ? 0 : bytes, estimate.peakBytes),
        stepMs: ms, timed: isTimed ? 'measured' : 'nominal', ...(estimate.recomputedFlops === undefined ? {} : { recomputedFlops: estimate.recomputedFlops }),
      };
    } catch (error) {
      if (error instanceof InputError) return undefined;
      throw error;
    }
  }
}
