/** All runs that this window knows: starts them, opens them, keeps one of them current. */
import path from 'node:path';
import { checkpointsFrom } from '../protocol/checkpointFiles';
import { whyNotResumed } from '../protocol/resumption';
import { newRunId, recordRefusal } from '../protocol/runDirectory';
import type { RunEvent } from '../protocol/runEvents';
import type { RunRecord } from '../protocol/runFiles';
import { isOver } from '../protocol/runState';
import { studioVersion } from '../protocol/version';
import { InputError } from '../settings/problem';
import { checkChange, checkRunFile, resolveSettings } from '../settings/validate';
import type { Disposable } from './disposable';
import type { Log } from './log';
import type { NodeChoice } from './nodePath';
import { Run } from './run';
import { newRunDirectory, renewRecord } from './runDirectory';
import type { RunPlan } from './runPlan';
import { spawnTrainer, type WayOn } from './trainerProcess';

export interface RunsEnvironment {
  readonly trainerFile: string;
  readonly log: Log;
  /** The folder that a new run's directory is made in. */
  readonly runsRoot: (workspace: string | undefined) => string;
  readonly chooseNode: () => Promise<NodeChoice>;
}

/** Called after every change of any run, and when another run becomes current. */
export type RunsListener = (run: Run, event: RunEvent | undefined) => void;

export class Runs implements Disposable {
  private readonly opened = new Map<string, Promise<Run>>();
  private readonly listeners = new Set<RunsListener>();
  private latest: Run | undefined;

  constructor(private readonly environment: RunsEnvironment) {}

  /** The run that commands act on. */
  get current(): Run | undefined {
    return this.latest;
  }

  onDidChange(listener: RunsListener): Disposable {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  /** Makes the run's directory and starts its trainer there, in the workspace where there is one. */
  async launch({ name, source, settings }: RunPlan, workspace: string | undefined): Promise<Run> {
    const { environment } = this;
    const node = await environment.chooseNode();
    const place = newRunDirectory(environment.runsRoot(workspace), {
      name, source, settings, studio: studioVersion, ...(workspace === undefined ? {} : { workspace }),
      node: { path: node.path, version: node.version, reason: node.reason },
    });
    environment.log.info(`Launching ${place.record.id} on Node ${node.version} at ${node.path}: ${node.reason}.`);
    const process = await spawnTrainer({ node, trainerFile: environment.trainerFile, directory: place.directory, workspace });
    const run = await this.adopt(place.directory, Promise.resolve(Run.launched(place, process, environment.log)));
    this.setCurrent(run);
    return run;
  }

  /** Leaves a readable run directory of what could not be launched. */
  recordRefusal(source: RunRecord['source'], workspace: string | undefined, message: string): void {
    const { runsRoot, log } = this.environment;
    log.error(`Not launched: ${message}`);
    try {
      recordRefusal(path.join(runsRoot(workspace), newRunId('refused', new Date())), source, message);
    } catch (error) {
      log.warn(`The refusal could not be kept: ${String(error)}`);
    }
  }

  /** The run of a directory; the same object each time. */
  open(directory: string): Promise<Run> {
    const known = path.resolve(directory);
    return this.opened.get(known) ?? this.adopt(known, Run.open(known, this.environment.log));
  }

  /**
   * Makes a run that is over go on from its newest checkpoint, or the one that is named, in its own directory; on another backend and with
   * other live settings, where these are given. Throws an `InputError` where it cannot.
   */
  async resume(run: Run, { backend, settings, from }: WayOn = {}): Promise<void> {
    const { environment } = this;
    const { directory } = run;
    checkRunFile(backendIn(backend));
    const resume = { ...backendIn(backend), ...(from === undefined ? {} : { from }), ...(settings === undefined ? {} : { settings: checkChange(settings, run.state.settings) }) };
    if (isOver(run.state.status)) await run.ended();
    const status = await run.hasTrainer() ? 'running' : run.state.status;
    const refusal = whyNotResumed({ ...run.state, status }, checkpointsFrom(directory, from));
    if (refusal !== undefined) throw new InputError([{ field: '', message: `${run.record.name} cannot be resumed. ${refusal}` }]);
    const node = await environment.chooseNode();
    const record = renewRecord(directory, { path: node.path, version: node.version, reason: node.reason });
    environment.log.info(`Resuming ${record.id} on Node ${node.version} at ${node.path}: ${node.reason}.`);
    run.resumed(record, await spawnTrainer({ node, trainerFile: environment.trainerFile, directory, workspace: record.workspace, resume }));
    this.setCurrent(run);
  }

  /** Ends a run that still goes on, then starts it again from the settings that it was started with, but for those given here. */
  async restart(run: Run, { backend, settings: given }: WayOn = {}): Promise<Run> {
    const settings = resolveSettings({ ...run.initialSettings, ...checkRunFile({ ...given, ...backendIn(backend) }) });
    run.stop();
    await run.ended();
    const { name, source, workspace } = run.record;
    return this.launch({ name, source, settings }, workspace);
  }

  setCurrent(run: Run): void {
    if (this.latest === run) return;
    this.latest = run;
    this.notify(run, undefined);
  }

  dispose(): void {
    this.listeners.clear();
    for (const opening of this.opened.values()) void opening.then(run => run.dispose(), () => undefined);
  }

  private async adopt(directory: string, opening: Promise<Run>): Promise<Run> {
    this.opened.set(directory, opening);
    const run = await opening.catch((error: unknown) => {
      this.opened.delete(directory);
      throw error;
    });
    run.onDidChange(event => this.notify(run, event));
    if (this.latest === undefined) this.setCurrent(run);
    return run;
  }

  private notify(run: Run, event: RunEvent | undefined): void {
    for (const listener of this.listeners) listener(run, event);
  }
}

/** As settings; none where no backend is named. */
function backendIn(backend: string | undefined): { readonly backend?: string } {
  return backend === undefined ? {} : { backend };
}
