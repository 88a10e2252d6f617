/** Answers what a panel asks about settings that nobody has applied yet: forecasts of changes, and plans. */
import type { FromPanel, PlanningMessage } from '../protocol/panel';
import { InputError } from '../settings/problem';
import type { Disposable } from './disposable';
import { PlanningRefused, type Planner } from './planner';
import type { Run } from './run';
import { RunForecasts, settingsInUse } from './runForecasts';

type Ask<Type extends FromPanel['type']> = Extract<FromPanel, { readonly type: Type }>;

const superseded = new Error('superseded');

export class PanelPlanning implements Disposable {
  private readonly forecasts: RunForecasts;
  private forecasting = new AbortController();
  private planning: { readonly id: number; readonly control: AbortController } | undefined;

  /** `planner` is undefined where nothing may be started, in Restricted Mode. */
  constructor(private readonly run: Run, private readonly planner: () => Planner | undefined, private readonly post: (message: PlanningMessage) => void) {
    this.forecasts = new RunForecasts({ estimate: (settings, signal) => this.required().estimate(settings, signal) });
  }

  async forecast({ id, alternatives }: Ask<'forecast'>): Promise<void> {
    this.forecasting.abort(superseded);
    const { signal } = this.forecasting = new AbortController();
    for (const [index, settings] of alternatives.entries()) {
      if (signal.aborted) return;
      try {
        this.post({ type: 'forecast', id, index, forecast: await this.forecasts.of(this.run.state, settings, signal) });
      } catch (error) {
        if (error === superseded) return;
        this.post({ type: 'forecast', id, index, why: inWords(error) });
      }
    }
  }

  async plan({ id, limits }: Ask<'plan'>): Promise<void> {
    this.planning?.control.abort(superseded);
    const control = new AbortController();
    this.planning = { id, control };
    const progress = ({ done, of, what }: { done: number; of: number; what: string }) => this.post({ type: 'planProgress', id, done, of, what });
    try {
      const plan = await this.required().plan(settingsInUse(this.run.state), { limits, signal: control.signal, progress });
      this.post({ type: 'plan', id, plan });
    } catch (error) {
      if (error !== superseded) this.post({ type: 'planRefused', id, message: inWords(error) });
    }
  }

  cancelPlan({ id }: Ask<'cancelPlan'>): void {
    if (this.planning?.id === id) this.planning.control.abort(new PlanningRefused('Cancelled.'));
  }

  dispose(): void {
    this.forecasting.abort(superseded);
    this.planning?.control.abort(superseded);
  }

  private required(): Planner {
    const planner = this.planner();
    if (planner === undefined) throw new PlanningRefused('Nothing is estimated in Restricted Mode, because that runs code. Trust the workspace first.');
    return planner;
  }
}

function inWords(error: unknown): string {
  if (error instanceof InputError) return error.problems[0]?.message ?? error.message;
  return error instanceof Error ? error.message : String(error);
}
