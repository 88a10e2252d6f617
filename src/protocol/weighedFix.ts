/** What to propose for a run after an alarm for want of memory; undefined where that cannot be said better than by rules. */
import { budgetBytesOf } from '../settings/budgetBytes';
import type { Settings } from '../settings/knobs';
import { fittingFix, type Fitting, type FittingFix } from './fittingFix';
import type { AlarmEvent } from './runEvents';
import type { RunState } from './runState';

export async function weighedFix({ settings, started, latest }: Pick<RunState, 'settings' | 'started' | 'latest'>, { kind }: Pick<AlarmEvent, 'kind'>, beside: Pick<Fitting, 'estimate' | 'signal'>): Promise<FittingFix | undefined> {
  const inUse = started === undefined ? settings : { ...settings, backend: started.backend.name as Settings['backend'] };
  const isOnHost = inUse.backend === 'wasm' || inUse.backend === 'cpu';
  // Elsewhere an estimate computes, in memory that is short already.
  if (kind === 'outOfMemory' && !isOnHost) return undefined;
  // No estimate of a step foresees what validation holds.
  const measuredBytes = latest?.memory.peakPhase === 'validation' ? undefined : latest?.memory.peakBytes;
  return fittingFix({ ...beside, settings: inUse, measuredBytes, budgetBytes: kind === 'budget' ? budgetBytesOf(inUse) : undefined }).catch(() => undefined);
}
