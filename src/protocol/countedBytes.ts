import type { Plan, PlanPoint } from './plan';

/** The bytes of a point that a plan goes by: at the highest instant, or all that is stored. */
export function countedBytes({ peakBytes, storedBytes }: Pick<PlanPoint, 'peakBytes' | 'storedBytes'>, { counted }: Pick<Plan, 'counted'>): number {
  return counted === 'peak' ? peakBytes : storedBytes;
}
