/** What a change would do to a step of a run: the estimate of its settings with the change, beside the estimate without. */
import type { Estimate } from '../protocol/estimate';
import type { Forecast } from '../protocol/runEvents';
import { storedBytes } from '../protocol/samples';
import { lateMs } from '../protocol/stretches';
import type { RunState } from '../protocol/runState';
import type { Settings } from '../settings/knobs';
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
    const changed = { ...settings, ...checkChange(asked, settings) };
    const before = await this.estimateNow(settings);
    const after = await this.planner.estimate(changed, signal);
    return difference(before, after, lateMs(state.stretches.at(-1) ?? { late: [] }));
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

/** Step time in proportion to what was measured, where it was: the machine is as busy as it is. */
export function difference(before: Estimate, after: Estimate, measuredMs: number | undefined): Forecast {
  const bytes = { peakBytes: after.peakBytes - before.peakBytes, storedBytes: storedBytes(after.storedPeak) - storedBytes(before.storedPeak) };
  if (before.stepMs === undefined || after.stepMs === undefined || before.stepMs === 0) return bytes;
  const stepMsBefore = measuredMs ?? before.stepMs;
  return { ...bytes, stepMs: stepMsBefore * (after.stepMs / before.stepMs - 1), stepMsBefore };
}
