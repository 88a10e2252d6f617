/** What the editor remembers of a run: its state, a bounded number of points, every validation. */
import type { RunEvent, SampleEvent, ValidationEvent } from '../protocol/runEvents';
import { appendPoint, upToStep } from '../protocol/points';
import { applyEvent, initialState, isOver, type RunState } from '../protocol/runState';
import { defaults, defaultsFor, type Settings } from '../settings/knobs';

export class History {
  readonly state: RunState;
  points: readonly SampleEvent[] = [];
  validations: readonly ValidationEvent[] = [];
  private stopping = false;

  /** Settings as the record holds them; those that it lacks, because it is older than they are, are its optimizer's defaults. */
  constructor(recorded: Readonly<Partial<Settings>>) {
    this.state = initialState({ ...defaultsFor(recorded.optimizer ?? defaults.optimizer), ...recorded });
  }

  add(event: RunEvent): void {
    applyEvent(this.state, event);
    if (event.type === 'sample') this.points = appendPoint(this.points, event);
    if (event.type === 'validation') this.validations = [...this.validations, event];
    if (event.type === 'restored') {
      this.points = upToStep(this.points, event.step);
      this.validations = upToStep(this.validations, event.step);
      this.stopping = false;
    }
    if (this.stopping && !isOver(this.state.status)) this.state.status = 'stopping';
  }

  /** Its trainer was started again, to go on from a checkpoint. */
  markStarting(): void {
    this.stopping = false;
    this.state.status = 'starting';
    this.state.message = undefined;
    this.state.finished = undefined;
  }

  /** The user asked for the end; until it comes, no event says otherwise. */
  markStopping(): void {
    if (isOver(this.state.status)) return;
    this.stopping = true;
    this.state.status = 'stopping';
  }

  /** The process is gone and nobody saw how. */
  markInterrupted(): void {
    if (isOver(this.state.status)) return;
    this.state.status = 'interrupted';
    this.state.pending = [];
    this.state.message = 'The trainer is gone and never said that it had finished: it was ended from outside, or the machine went down. '
      + (this.state.checkpoint === undefined ? 'Restart the run to train it again.' : 'Resume it from its last checkpoint, or restart it.');
  }

  /** Says which lines of the file could not be shown. */
  markDamaged(lines: readonly number[]): void {
    if (lines.length === 0) return;
    const damage = `events.jsonl is damaged: what line ${lines.join(', ')} held is not shown.`;
    this.state.message = this.state.message === undefined ? damage : `${this.state.message} ${damage}`;
  }
}
