/** A thread of the pool: sleeps until there is a run, takes its messages, does its share. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { collectGarbage } from './collectGarbage';
import { work, type Job } from './job';
import { kernelsOf } from './kernelModule';
import { sparseJobs } from './sparseJobs';
import { vectorJobs } from './vectorJobs';
import type { PoolMessage, WorkerData } from './threadPool';

const { module, control, thread } = workerData as WorkerData;
const on = kernelsOf(module);
const kernels = { ...sparseJobs(on), ...vectorJobs(on) };
const jobs = new Map<number, Job>();

for (let seen = 0; ;) {
  Atomics.wait(control, 0, seen);
  seen = Atomics.load(control, 0);
  takeMessages();
  const job = jobs.get(Atomics.load(control, 1));
  const kernel = job === undefined ? undefined : kernels[job.kernel];
  if (job !== undefined && kernel !== undefined) work(job, kernel, thread, () => Atomics.add(control, 2, 1));
}

/** A job that is released may hold the last of a window's memory. */
function takeMessages(): void {
  let isReleased = false;
  if (parentPort === null) throw new Error('This file runs in a thread of the pool only.');
  for (let received = receiveMessageOnPort(parentPort); received !== undefined; received = receiveMessageOnPort(parentPort)) {
    const message = received.message as PoolMessage;
    if (message.type === 'bind') jobs.set(message.id, message.job);
    else isReleased = jobs.delete(message.id) || isReleased;
  }
  if (isReleased) collectGarbage();
}
