/**
 * Weighs what an alarm for want of memory proposes, in the process that estimates: after the alarm and beside the run, which waits for
 * nothing. What is proposed then is known to fit, and says its bytes; where nothing can be said in time, the alarm's own fix stands.
 */
import { isForMemory } from '../protocol/alarmFix';
import type { AlarmEvent } from '../protocol/runEvents';
import { weighedFix } from '../protocol/weighedFix';
import type { Disposable } from './disposable';
import type { Planner } from './planner';
import type { Run } from './run';
import type { Runs } from './runs';

/** Milliseconds after which a fix is no longer looked for, and those that a notice waits for one. */
const [mostMs, patienceMs] = [60_000, 8000];

export class FixProposals implements Disposable {
  private readonly underWay = new WeakMap<AlarmEvent, Promise<void>>();
  private readonly end = new AbortController();
  private readonly subscription: Disposable;

  /** `planner` tells undefined where nothing may be started. */
  constructor(runs: Runs, private readonly planner: () => Pick<Planner, 'estimate'> | undefined) {
    this.subscription = runs.onDidChange((run, event) => {
      if (event?.type === 'alarm' && isForMemory(event)) this.underWay.set(event, this.propose(run, event));
    });
  }

  /** Settles when it is known what to propose, or there was time enough to find out. */
  async settled(alarm: AlarmEvent): Promise<void> {
    const weighing = this.underWay.get(alarm);
    if (weighing === undefined) return;
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([weighing, new Promise(resolve => { timer = setTimeout(resolve, patienceMs); })]);
    clearTimeout(timer);
  }

  dispose(): void {
    this.subscription.dispose();
    this.end.abort(new Error('The window closes.'));
  }

  private async propose(run: Run, alarm: AlarmEvent): Promise<void> {
    const planner = this.planner();
    if (planner === undefined) return;
    const signal = AbortSignal.any([this.end.signal, AbortSignal.timeout(mostMs)]);
    const fix = await weighedFix(run.state, alarm, { signal, estimate: settings => planner.estimate(settings, signal, { bytesOnly: true }) });
    if (fix !== undefined && !this.end.signal.aborted) run.propose(alarm.sequence, fix);
  }
}
