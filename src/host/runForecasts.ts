/** What a change would do to a step of a run: the estimate of its settings with the change, beside the estimate without. */
import type { Estimate } from '../protocol/estimate';
import type { Forecast } from '../protocol/runEvents';
import { storedBytes } from '../protocol/samples';
import { lateMs } from '../protocol/stretches';
import type { RunState } from '../protocol/runState';
import { sectionOf, type KnobName, type Settings } from '../settings/knobs';
import { checkChange } from '../settings/validate';
import type { Planner } from './planner';

type Known = Pick<RunState, 'settings' | 'started' | 'stretches'>;

/** A run's settings with the backend that it computes on, whatever was chosen for it. */
export function settingsInUse({ settings, started }: Pick<RunState, 'settings' | 'started'>): Settings {
  return started === undefined ? settings : { ...settings, backend: started.backend.name as Settings['backend'] };
}

export class RunForecasts {
  /** The estimate of the settings that the run has now. */
  private now: { readonly key: string; readonly estimate: Promise<Estimate> } | undefined;

  constructor(private readonly planner: Pick<Planner, 'estimate'>) {}

  /** Throws an `InputError` where the change is not allowed, a `PlanningRefused` where nothing can be said. */
  async of(state: Known, asked: unknown, signal: AbortSignal): Promise<Forecast> {
    const settings = settingsInUse(state);
    const change = checkChange(asked, settings);
    const before = await this.estimateNow(settings);
    const after = await this.planner.estimate({ ...settings, ...change }, signal);
    const stepMs = stepDifference(before, after, {
      measuredMs: lateMs(state.stretches.at(-1) ?? { late: [] }), changesUpdate: (Object.keys(change) as KnobName[]).some(name => sectionOf(name) === 'optimizer'),
    });
    return {
      peakBytes: after.peakBytes - before.peakBytes, storedBytes: storedBytes(after.storedPeak) - storedBytes(before.storedPeak), ...stepMs === undefined ? {} : { stepMs },
    };
  }

  private estimateNow(settings: Settings): Promise<Estimate> {
    const key = JSON.stringify(settings);
    if (this.now?.key !== key) {
      const estimate = this.planner.estimate(settings);
      const now = { key, estimate };
      estimate.catch(() => { if (this.now === now) this.now = undefined; });
      this.now = now;
    }
    return this.now.estimate;
  }
}

export interface Grounds {
  /** Of a step of the run as it is, where any was measured. */
  readonly measuredMs: number | undefined;
  /** Whether the change is one of the optimizer's settings. */
  readonly changesUpdate: boolean;
}

/**
 * In proportion to what was measured, where it was: the machine is as busy as it is. Where the update's time could not be estimated, a
 * change of the passes is told by itself, and one of the update not at all.
 */
export function stepDifference(before: Estimate, after: Estimate, { measuredMs, changesUpdate }: Grounds): number | undefined {
  if (before.stepMs === undefined || after.stepMs === undefined) return undefined;
  if (before.updateMs === undefined || after.updateMs === undefined) return changesUpdate ? undefined : after.stepMs - before.stepMs;
  return measuredMs === undefined || before.stepMs === 0 ? after.stepMs - before.stepMs : measuredMs * (after.stepMs / before.stepMs - 1);
}
