/** A trainer whose process lives: keeps the wire to it up, stops it politely, ends it when it does not stop. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ControlMessage } from '../protocol/trainer';
import type { Log } from './log';
import { endTree } from './processTree';
import type { Trainer, TrainerListener } from './trainer';
import { connectTrainer, type Control, type TrainerConnection } from './trainerConnection';
import type { TrainerProcess } from './trainerProcess';

/** How long is waited, in milliseconds. */
export interface Patience {
  /** For the trainer to listen: long, because a busy machine takes its time to load it, and the user can stop it meanwhile. */
  readonly connectMs: number;
  /** For it to finish after it was asked to stop, which takes as long as a large checkpoint takes to write, and to exit after it finished. */
  readonly stopMs: number;
  /** Between SIGTERM and SIGKILL. */
  readonly killMs: number;
}

export const defaultPatience: Patience = { connectMs: 90_000, stopMs: 20_000, killMs: 2000 };

export class LiveTrainer implements Trainer {
  private readonly over = new AbortController();
  private connection: TrainerConnection | undefined;
  private readonly outbox: ControlMessage[] = [];
  private stopAsked = false;
  private forced: string | undefined;

  constructor(
    private readonly process: TrainerProcess, private readonly control: Control,
    private readonly listener: TrainerListener, private readonly log: Log, private readonly patience: Patience,
  ) {
    void process.exited.then(exit => {
      if (this.over.signal.aborted) return;
      this.dispose();
      listener.exited(exit, { stopAsked: this.stopAsked, ...(this.forced === undefined ? {} : { forced: this.forced }) });
    });
    void this.stayConnected();
  }

  /** Now, or as soon as the trainer listens. */
  send(message: ControlMessage): void {
    if (this.connection === undefined) this.outbox.push(message);
    else this.connection.send(message);
  }

  /** Politely; asked for again, or not answered in time, by force. */
  stop(): void {
    if (this.stopAsked) {
      void this.end('it was asked to stop twice');
      return;
    }
    this.stopAsked = true;
    this.send({ type: 'stop' });
    this.expect('it did not stop');
  }

  expectExit(): void {
    this.expect('it finished but did not exit');
  }

  /** Closes the wire and looks no further; the trainer goes on. */
  dispose(): void {
    this.over.abort();
    this.connection?.dispose();
    this.process.release();
  }

  /** From now on it may take `stopMs` until the process is gone. */
  private expect(otherwise: string): void {
    void this.wait(this.patience.stopMs).then(isOver => isOver ? undefined : this.end(`${otherwise} within ${this.patience.stopMs / 1000} s`));
  }

  private async end(reason: string): Promise<void> {
    const { pid } = this.process;
    if (pid === undefined || this.forced !== undefined || this.over.signal.aborted) return;
    this.forced = reason;
    this.log.warn(`Ending trainer ${pid} by force: ${reason}.`);
    // Its helpers may outlive it, or its own handler may keep it alive: the group gets the second signal in any case.
    endTree(pid, 'SIGTERM');
    await this.wait(this.patience.killMs);
    endTree(pid, 'SIGKILL');
  }

  /** True as soon as the process is gone, false after the time. */
  private async wait(milliseconds: number): Promise<boolean> {
    await Promise.race([this.process.exited, delay(milliseconds, undefined, { signal: this.over.signal, ref: false }).catch(() => undefined)]);
    return this.over.signal.aborted;
  }

  private async stayConnected(): Promise<void> {
    for (let attempt = 0; !this.over.signal.aborted; attempt++) {
      const connection = await connectTrainer({
        control: this.control, timeoutMs: this.patience.connectMs, signal: this.over.signal, log: this.log, onEvent: event => this.listener.event(event),
      });
      if (connection === undefined) {
        if (attempt === 0) await this.end(`it did not listen within ${this.patience.connectMs / 1000} s`);
        return;
      }
      this.connection = connection;
      for (const message of this.outbox.splice(0)) connection.send(message);
      this.listener.catchUp();
      await connection.closed;
      this.connection = undefined;
      await this.wait(200);
    }
  }
}
