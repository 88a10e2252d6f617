/** What the editor remembers of a run: its state, a bounded number of points, every validation. */
import type { RunEvent, SampleEvent, ValidationEvent } from '../protocol/runEvents';
import { appendPoint } from '../protocol/points';
import { applyEvent, initialState, isOver, type RunState } from '../protocol/runState';
import { defaults, defaultsFor, type Settings } from '../settings/knobs';

export class History {
  readonly state: RunState;
  points: readonly SampleEvent[] = [];
  readonly validations: ValidationEvent[] = [];
  private stopping = false;

  /** Settings as the record holds them; those that it lacks, because it is older than they are, are its optimizer's defaults. */
  constructor(recorded: Readonly<Partial<Settings>>) {
    this.state = initialState({ ...defaultsFor(recorded.optimizer ?? defaults.optimizer), ...recorded });
  }

  add(event: RunEvent): void {
    applyEvent(this.state, event);
    if (event.type === 'sample') this.points = appendPoint(this.points, event);
    if (event.type === 'validation') this.validations.push(event);
    if (this.stopping && !isOver(this.state.status)) this.state.status = 'stopping';
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
    this.state.message = 'The trainer is gone and never said that it had finished: it was ended from outside, or the machine went down. Restart the run to train it again.';
  }

  /** Says which lines of the file could not be shown. */
  markDamaged(lines: readonly number[]): void {
    if (lines.length === 0) return;
    const damage = `events.jsonl is damaged: what line ${lines.join(', ')} held is not shown.`;
    this.state.message = this.state.message === undefined ? damage : `${this.state.message} ${damage}`;
  }
}
