/** What messages do between two steps: change settings, pause, resume, stop. */
import { dispatch, type Handlers } from '../protocol/handlers';
import type { ChangeMessage, ControlMessage } from '../protocol/trainer';
import type { LiveSettings, Settings } from '../settings/knobs';
import { totalBytes } from '../settings/stateBytes';
import { checkChange } from '../settings/validate';
import type { Mailbox } from './mailbox';
import type { MemoryPlan } from './memoryPlan';
import type { Placement } from './placement';
import type { TrainingEvent } from './train';

export class Control {
  stopped = false;
  private captureAsked = false;
  private paused = false;

  /** `changes`: how many were applied so far. */
  constructor(
    public settings: Settings, private readonly placement: Placement, private readonly memoryPlan: Pick<MemoryPlan, 'change'>, private readonly mailbox: Mailbox,
    public changes = 0,
  ) {}

  /** Takes all messages; while paused it waits here for more. `step` steps have been made. */
  async *betweenSteps(step: number): AsyncGenerator<TrainingEvent> {
    yield* this.obey(step);
    while (this.paused && !this.stopped) {
      await this.mailbox.arrival();
      yield* this.obey(step);
    }
  }

  /** Whether the next step is to be recorded; asked for once, it is told once. */
  takeCapture(): boolean {
    const { captureAsked } = this;
    this.captureAsked = false;
    return captureAsked;
  }

  private async *obey(step: number): AsyncGenerator<TrainingEvent> {
    const handlers: Handlers<ControlMessage, Promise<TrainingEvent> | TrainingEvent | undefined> = {
      change: message => this.change(message, step),
      pause: () => this.pause(true, step),
      resume: () => this.pause(false, step),
      stop: () => {
        this.stopped = true;
        return undefined;
      },
      capture: () => {
        this.captureAsked = true;
        return undefined;
      },
    };
    for (const message of this.mailbox.take()) {
      const event = await dispatch(handlers, message);
      if (event !== undefined) yield event;
    }
  }

  /** Waits from now on, as if it had been asked to. */
  hold(step: number): TrainingEvent {
    this.paused = true;
    return { type: 'paused', step };
  }

  private pause(paused: boolean, step: number): TrainingEvent | undefined {
    if (this.paused === paused) return undefined;
    this.paused = paused;
    return { type: paused ? 'paused' : 'resumed', step };
  }

  private async change({ revision, settings, undoes, forecast }: ChangeMessage, step: number): Promise<TrainingEvent> {
    const { placement, memoryPlan } = this;
    try {
      const to = checkChange(settings, this.settings);
      const from = Object.fromEntries(Object.keys(to).map(name => [name, this.settings[name as keyof LiveSettings]]));
      const stateBytesBefore = totalBytes(placement.stateBytes());
      await memoryPlan.change(to);
      try {
        await placement.change(to);
      } catch (error) {
        await memoryPlan.change(this.settings);
        throw error;
      }
      this.settings = { ...this.settings, ...to };
      this.changes++;
      const stateBytesAfter = totalBytes(placement.stateBytes());
      return { type: 'applied', revision, step, from, to: { ...to }, ...(undoes === undefined ? {} : { undoes }), ...(forecast === undefined ? {} : { forecast }), stateBytesBefore, stateBytesAfter };
    } catch (error) {
      return { type: 'rejected', revision, step, message: error instanceof Error ? error.message : String(error) };
    }
  }
}
