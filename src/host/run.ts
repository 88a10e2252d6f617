/** One run as the editor sees it: its record, its history, and, while its process lives, its trainer. */
import { rm } from 'node:fs/promises';
import type { FittingFix } from '../protocol/fittingFix';
import { isAlive } from '../protocol/processes';
import { readRecord } from '../protocol/runDirectory';
import type { Forecast, RunEvent } from '../protocol/runEvents';
import type { RunRecord } from '../protocol/runFiles';
import { isOver, type PendingChange, type RunState } from '../protocol/runState';
import type { Settings } from '../settings/knobs';
import { forecastOfUndo, lastUndoable, rejection, requestChange, requestUndo } from './changes';
import type { Disposable } from './disposable';
import { EventLog } from './eventLog';
import { History } from './history';
import { followTrainer } from './followedTrainer';
import { defaultPatience, LiveTrainer, type Patience } from './liveTrainer';
import type { Log } from './log';
import type { RunDirectory } from './runDirectory';
import { endingOf, finishedEventOf, memoryAlarmOf } from './runEnding';
import type { Ending, Trainer, TrainerListener } from './trainer';
import { isListening } from './trainerConnection';
import { adoptTrainer, type TrainerExit, type TrainerProcess } from './trainerProcess';

/** Called after every change; with the event, where one caused it. */
export type RunListener = (event: RunEvent | undefined) => void;

export class Run implements Disposable {
  readonly directory: string;
  record: RunRecord;
  readonly history: History;
  private readonly events: EventLog;
  private readonly listeners = new Set<RunListener>();
  private trainer: Trainer | undefined;

  private constructor({ directory, record }: RunDirectory, private readonly log: Log, private readonly patience: Patience) {
    this.directory = directory;
    this.record = record;
    this.history = new History(record.settings);
    this.events = new EventLog(directory, event => this.accept(event), log);
  }

  /** A run whose trainer was just started. */
  static launched(place: RunDirectory, process: TrainerProcess, log: Log, patience = defaultPatience): Run {
    const run = new Run(place, log, patience);
    run.watch(process);
    return run;
  }

  /** A run from its directory: attached to its trainer where that lives, else as it ended. */
  static async open(directory: string, log: Log, patience = defaultPatience): Promise<Run> {
    const run = new Run({ directory, record: readRecord(directory) }, log, patience);
    if (await run.attach()) return run;
    await run.events.readToEnd();
    run.history.markInterrupted();
    run.history.markDamaged(run.events.damagedLines);
    return run;
  }

  /** Whether a trainer is there; where this window knows of none, the run may have been resumed elsewhere. */
  async hasTrainer(): Promise<boolean> {
    if (this.trainer !== undefined) return true;
    this.record = readRecord(this.directory);
    return this.attach();
  }

  /** Goes on with a trainer that was started again. */
  resumed(record: RunRecord, process: TrainerProcess): void {
    this.record = record;
    this.history.markStarting();
    this.watch(process);
    this.notify();
  }

  get state(): RunState {
    return this.history.state;
  }

  /** What it was started with; a change leaves these alone. */
  get initialSettings(): Settings {
    return new History(this.record.settings).state.settings;
  }

  onDidChange(listener: RunListener): Disposable {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  /** Sends a change to the trainer, where it waits for the end of a step. Throws an `InputError` when it is not allowed. */
  change(settings: unknown, forecast?: Forecast): PendingChange {
    return this.send(requestChange(this.state, settings), { forecast });
  }

  undo(revision: number): PendingChange {
    return this.send(requestUndo(this.state, revision), { undoes: revision, forecast: forecastOfUndo(this.state, revision) });
  }

  /** Undoes the newest change that still stands; undefined when there is none. */
  undoLast(): PendingChange | undefined {
    const last = lastUndoable(this.state);
    return last && this.undo(last.revision);
  }

  /** Shows a refusal like one of the trainer's. */
  refuse(message: string): void {
    this.state.rejected = rejection(this.state, message, this.events.expected);
    this.notify();
  }

  /** For an alarm, in place of its own fix. */
  propose(sequence: number, fix: FittingFix): void {
    this.state.proposal = { sequence, fix };
    this.notify();
  }

  pause(): void {
    if (this.state.status === 'running') this.trainer?.send({ type: 'pause' });
  }

  resume(): void {
    if (this.state.status === 'paused') this.trainer?.send({ type: 'resume' });
  }

  /** Asks for the next step to be recorded; answered by the event `snapshot`. */
  capture(): void {
    if (this.trainer === undefined || isOver(this.state.status)) throw new Error(`The run ${this.record.name} is over: no step of it can be recorded any more. Restart it, or open a snapshot that it has.`);
    this.trainer.send({ type: 'capture' });
  }

  /** Politely; asked for again, or not answered in time, by force. */
  stop(): void {
    if (isOver(this.state.status)) return;
    this.trainer?.stop();
    this.history.markStopping();
    this.notify();
  }

  /** Settles when no process is left. */
  async ended(): Promise<void> {
    if (this.trainer === undefined) return;
    await new Promise<void>(resolve => {
      const waiting = this.onDidChange(() => {
        if (this.trainer !== undefined) return;
        waiting.dispose();
        resolve();
      });
    });
  }

  /** Closes the wire; the trainer goes on. */
  dispose(): void {
    this.trainer?.dispose();
    this.listeners.clear();
  }

  /** True where the process of the record lives. */
  private async attach(): Promise<boolean> {
    const { pid, control } = this.record;
    if (pid === undefined || !isAlive(pid) || (control !== undefined && !await isListening(control))) return false;
    await this.events.catchUp();
    if (this.state.finished === undefined) this.watch(adoptTrainer(pid));
    return this.state.finished === undefined;
  }

  private send(change: PendingChange, { undoes, forecast }: { readonly undoes?: number; readonly forecast: Forecast | undefined }): PendingChange {
    this.trainer?.send({
      type: 'change', revision: change.revision, settings: { ...change.settings },
      ...(undoes === undefined ? {} : { undoes }), ...(forecast === undefined ? {} : { forecast }),
    });
    this.state.pending.push(change);
    this.notify();
    return change;
  }

  private watch(process: TrainerProcess): void {
    const listener: TrainerListener = {
      event: event => this.events.receive(event),
      catchUp: () => void this.events.catchUp(),
      exited: (exit, ending) => void this.finish(exit, ending),
    };
    const { control } = this.record;
    this.trainer = control === undefined ? followTrainer(process, listener) : new LiveTrainer(process, control, listener, this.log, this.patience);
  }

  private accept(event: RunEvent): void {
    this.history.add(event);
    if (event.type === 'finished') this.trainer?.expectExit();
    this.notify(event);
  }

  private notify(event?: RunEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  private async finish(exit: TrainerExit, ending: Ending): Promise<void> {
    await this.events.readToEnd();
    if (!isOver(this.state.status)) {
      const how = await endingOf(this.directory, this.record, this.state, exit, ending);
      if (how === undefined) this.history.markInterrupted();
      else {
        const alarm = await memoryAlarmOf(this.directory, this.state, exit, ending);
        if (alarm !== undefined) this.events.append({ ...alarm, sequence: this.events.expected, time: this.state.elapsedMs });
        this.events.append(finishedEventOf(this.state, this.events.expected, how));
      }
    }
    // A trainer that was killed leaves its socket behind.
    if (this.record.control !== undefined && process.platform !== 'win32') await rm(this.record.control.socket, { force: true });
    this.history.markDamaged(this.events.damagedLines);
    this.trainer = undefined;
    this.notify();
  }
}
