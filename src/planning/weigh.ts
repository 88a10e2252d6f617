/** A combination of settings as a point of a plan, its bytes and time estimated. */
import type { Estimate } from '../protocol/estimate';
import type { PlanPoint, Risk } from '../protocol/plan';
import type { PlanLimits } from '../protocol/planningWire';
import type { Settings } from '../settings/knobs';
import { InputError } from '../settings/problem';
import type { PlanSource } from './planSource';
import { wordsOf } from './words';

export function storedBytes({ storedPeak }: Pick<Estimate, 'storedPeak'>): number {
  return Object.entries(storedPeak).reduce((sum, [category, bytes]) => (category === 'workspace' ? sum : sum + bytes), 0);
}

export function counted({ peakBytes, storedBytes: stored }: Pick<PlanPoint, 'peakBytes' | 'storedBytes'>, limits: Pick<PlanLimits, 'counted'>): number {
  return limits.counted === 'peak' ? peakBytes : stored;
}

/** `least`: bytes that it may use in any case, such as those of a budget. Undefined where these settings cannot be trained with. */
export async function weigh(source: PlanSource, given: Settings, change: Partial<Settings>, risk: Risk, signal?: AbortSignal, least = 0): Promise<PlanPoint | undefined> {
  try {
    const estimate = await source.estimate({ ...given, ...change }, signal);
    const stored = Math.max(least, storedBytes(estimate));
    const { stepMs, recomputedFlops } = estimate;
    return {
      changes: change, words: wordsOf(change), risk, storedBytes: stored, peakBytes: Math.max(stored, estimate.peakBytes),
      ...(stepMs === undefined ? {} : { stepMs }), ...(recomputedFlops === undefined ? {} : { recomputedFlops }),
    };
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
