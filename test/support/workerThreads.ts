/** The threads that a body starts in this process: how many are alive, and a way to end one. */
import { setImmediate } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { hostCompute } from '../../src/trainer/hostCompute';

export interface StartedThreads {
  readonly started: readonly Worker[];
  readonly alive: () => number;
}

/** `assets`: of the runs to come; their optimizers' threads, which outlive every run, are started before and not counted. */
export async function watchThreads<Result>(assets: string, body: (threads: StartedThreads) => Promise<Result>): Promise<Result> {
  hostCompute(assets);
  // Node tells of a thread a tick after it was made.
  await setImmediate();
  const started: Worker[] = [];
  const ended = new Set<Worker>();
  const note = (worker: Worker) => {
    started.push(worker);
    worker.on('exit', () => ended.add(worker));
  };
  process.on('worker', note);
  try {
    return await body({ started, alive: () => started.length - ended.size });
  } finally {
    process.off('worker', note);
  }
}
