/** Runs of the fixture trainer in a scratch folder; whatever a test leaves running is ended after it. */
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { defaultPatience, type Patience } from '../../../src/host/liveTrainer';
import type { NodeChoice } from '../../../src/host/nodePath';
import { endTree } from '../../../src/host/processTree';
import { Run } from '../../../src/host/run';
import { newRunDirectory, renewRecord } from '../../../src/host/runDirectory';
import { spawnTrainer } from '../../../src/host/trainerProcess';
import { isAlive } from '../../../src/protocol/processes';
import { readRecord } from '../../../src/protocol/runDirectory';
import type { RunState } from '../../../src/protocol/runState';
import { defaults } from '../../../src/settings/knobs';
import { ListeningLog } from './listeningLog';
import { scratchFolder } from './scratch';

export const fakeTrainer = path.resolve('test/fixtures/fakeTrainer.mjs');
export const thisNode: NodeChoice = { path: process.execPath, version: process.version, reason: 'it runs the tests', environment: {} };

export interface FakeRuns {
  folder(): string;
  readonly log: ListeningLog;
  launch(behaviour: string, patience?: Partial<Patience>, node?: NodeChoice): Promise<Run>;
  open(directory: string): Promise<Run>;
  /** Starts the trainer of a run that is over again. */
  resume(run: Run): Promise<void>;
}

export function fakeRuns(): FakeRuns {
  const log = new ListeningLog();
  let runs: Run[] = [];
  afterEach(() => {
    for (const run of runs) {
      run.dispose();
      const pid = pidOf(run);
      if (pid !== undefined && pid !== process.pid) endTree(pid, 'SIGKILL');
      if (run.record.control !== undefined && process.platform !== 'win32') rmSync(run.record.control.socket, { force: true });
    }
    runs = [];
    log.lines.length = 0;
  });
  const folder = scratchFolder(); // goes after the runs in it have ended
  const keep = (run: Run) => {
    runs.push(run);
    return run;
  };
  return {
    folder, log,
    async launch(behaviour, patience = {}, node = thisNode) {
      const place = newRunDirectory(folder(), { name: behaviour, source: { kind: 'preset', name: behaviour }, settings: defaults, studio: 'test', node: { path: node.path, version: node.version, reason: node.reason } });
      return keep(Run.launched(place, await spawnTrainer({ node, trainerFile: fakeTrainer, directory: place.directory, workspace: undefined }), log, { ...defaultPatience, ...patience }));
    },
    async open(directory) {
      return keep(await Run.open(directory, log));
    },
    async resume(run) {
      const record = renewRecord(run.directory, { path: thisNode.path, version: thisNode.version, reason: thisNode.reason });
      run.resumed(record, await spawnTrainer({ node: thisNode, trainerFile: fakeTrainer, directory: run.directory, workspace: undefined, resume: {} }));
    },
  };
}

/** The trainer writes it as soon as it runs. */
export function pidOf(run: Run): number | undefined {
  return readRecord(run.directory).pid;
}

/** The process that a hanging trainer started itself. */
export function helperOf(run: Run): number {
  return Number(readFileSync(path.join(run.directory, 'helper.pid'), 'utf8'));
}

/** Settles when the process is gone: a killed one takes a moment to die, which is not the host's to wait for. */
export async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await setTimeout(10);
}

/** Settles as soon as the state is as wanted; a test that waits in vain runs into its time limit. */
export function until(run: Run, isThere: (state: RunState) => boolean): Promise<void> {
  return new Promise(resolve => {
    const check = () => {
      if (!isThere(run.state)) return;
      waiting.dispose();
      resolve();
    };
    const waiting = run.onDidChange(check);
    check();
  });
}
