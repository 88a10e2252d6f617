/** Control messages waiting for the moment between two steps. */
import type { ControlMessage } from '../protocol/trainer';

export class Mailbox {
  private messages: ControlMessage[] = [];
  private wake: (() => void) | undefined;
  private noteStop: () => void = () => undefined;
  /** Settles when the run is asked to stop, whether or not that message has been taken. */
  readonly stopAsked = new Promise<void>(resolve => { this.noteStop = resolve; });

  post(message: ControlMessage): void {
    if (message.type === 'stop') this.noteStop();
    this.messages.push(message);
    this.wake?.();
  }

  /** Before all that has arrived and was not taken. */
  postFirst(message: ControlMessage): void {
    this.messages.unshift(message);
  }

  /** Everything that has arrived, oldest first. */
  take(): ControlMessage[] {
    const taken = this.messages;
    this.messages = [];
    return taken;
  }

  /** Settles when something is there to take. */
  async arrival(): Promise<void> {
    if (this.messages.length > 0) return;
    await new Promise<void>(resolve => { this.wake = resolve; });
    this.wake = undefined;
  }
}
