/** What a run asks of its living trainer, however that was started. */
import type { RunEvent } from '../protocol/runEvents';
import type { ControlMessage } from '../protocol/trainer';
import type { Disposable } from './disposable';
import type { TrainerExit } from './trainerProcess';

/** Disposing of it looks no further after the trainer, and lets it go on. */
export interface Trainer extends Disposable {
  /** Now, or as soon as it listens. */
  send(message: ControlMessage): void;
  /** Politely; asked for again, or not answered in time, by force. */
  stop(): void;
  /** It said that it had finished: its process may take a moment to go, and no more. */
  expectExit(): void;
}

export interface TrainerListener {
  event(event: RunEvent): void;
  /** Events may have been missed: the file has them. */
  catchUp(): void;
  exited(exit: TrainerExit, ending: Ending): void;
}

/** What the editor did about the end: asked for it, or used force. */
export interface Ending {
  readonly stopAsked: boolean;
  /** Why the process was ended by force. */
  readonly forced?: string;
}
