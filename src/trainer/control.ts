/** What messages do between two steps: change settings, pause, resume, stop. */
import { dispatch, type Handlers } from '../protocol/handlers';
import type { ChangeMessage, ControlMessage } from '../protocol/trainer';
import type { LiveSettings, Settings } from '../settings/knobs';
import { totalBytes } from '../settings/stateBytes';
import { checkChange } from '../settings/validate';
import type { Assembly } from './assemble';
import type { Mailbox } from './mailbox';
import type { TrainingEvent } from './train';

export class Control {
  stopped = false;
  private paused = false;

  /** `changes`: how many were applied so far. */
  constructor(public settings: Settings, private readonly run: Pick<Assembly, 'optimizer' | 'stepper'>, private readonly mailbox: Mailbox, public changes = 0) {}

  /** Takes all messages; while paused it waits here for more. `step` steps have been made. */
  async *betweenSteps(step: number): AsyncGenerator<TrainingEvent> {
    yield* this.obey(step);
    while (this.paused && !this.stopped) {
      await this.mailbox.arrival();
      yield* this.obey(step);
    }
  }

  private *obey(step: number): Generator<TrainingEvent> {
    const events: TrainingEvent[] = [];
    const handlers: Handlers<ControlMessage> = {
      change: message => { events.push(this.change(message, step)); },
      pause: () => {
        if (!this.paused) events.push({ type: 'paused', step });
        this.paused = true;
      },
      resume: () => {
        if (this.paused) events.push({ type: 'resumed', step });
        this.paused = false;
      },
      stop: () => { this.stopped = true; },
    };
    for (const message of this.mailbox.take()) dispatch(handlers, message);
    yield* events;
  }

  private change({ revision, settings, undoes }: ChangeMessage, step: number): TrainingEvent {
    const { optimizer, stepper } = this.run;
    try {
      const to = checkChange(settings, this.settings);
      const from = Object.fromEntries(Object.keys(to).map(name => [name, this.settings[name as keyof LiveSettings]]));
      const stateBytesBefore = totalBytes(optimizer.stateBytes());
      optimizer.change(to);
      stepper.weighState();
      this.settings = { ...this.settings, ...to };
      this.changes++;
      const stateBytesAfter = totalBytes(optimizer.stateBytes());
      return { type: 'applied', revision, step, from, to: { ...to }, ...(undoes === undefined ? {} : { undoes }), stateBytesBefore, stateBytesAfter };
    } catch (error) {
      return { type: 'rejected', revision, step, message: error instanceof Error ? error.message : String(error) };
    }
  }
}
