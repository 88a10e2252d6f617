/**
 * Threads that help the calling one with its jobs. They sleep on a word of shared memory between jobs and take their
 * messages when it changes, so that a run costs no allocation and no turn of the event loop. The calling thread works too:
 * where no other has started yet, or can, it does all tasks itself.
 */
import { Worker } from 'node:worker_threads';
import { work, type Job, type Kernel } from './job';

export type PoolMessage =
  | { readonly type: 'bind'; readonly id: number; readonly job: Job }
  | { readonly type: 'release'; readonly id: number };

export interface WorkerData {
  readonly module: WebAssembly.Module;
  /** [runs so far, job of the last run, tasks that failed] */
  readonly control: Int32Array;
  readonly thread: number;
}

/** A job that every thread knows. */
export interface BoundJob {
  /** To be set before a run. */
  readonly numbers: Float64Array;
  readonly run: () => void;
  readonly id: number;
}

/** A thread that is alive finishes some task within this time, or something is badly wrong. */
const patienceMs = 120_000;

export class ThreadPool {
  private readonly control = new Int32Array(new SharedArrayBuffer(12));
  private readonly workers: Worker[] = [];
  private jobs = 0;

  /** `threads` counts the calling one. */
  constructor(readonly threads: number, module: WebAssembly.Module, workerFile: string, private readonly kernels: Readonly<Record<string, Kernel>>) {
    for (let thread = 1; thread < threads; thread++) {
      const workerData: WorkerData = { module, control: this.control, thread };
      const worker = new Worker(workerFile, { workerData });
      worker.unref();
      this.workers.push(worker);
    }
  }

  /** Gives every thread a job to run later. */
  bind(kernel: string, tasks: number, numbers: number, bound: unknown): BoundJob {
    const id = ++this.jobs;
    const job: Job = { kernel, tasks, bound, progress: new Int32Array(new SharedArrayBuffer(8)), numbers: new Float64Array(new SharedArrayBuffer(8 * numbers)) };
    this.post({ type: 'bind', id, job });
    return { id, numbers: job.numbers, run: () => this.run(id, job) };
  }

  /** Every thread forgets the job. */
  release(id: number): void {
    this.post({ type: 'release', id });
  }

  private run(id: number, job: Job): void {
    const kernel = this.kernels[job.kernel];
    if (kernel === undefined) throw new Error(`There is no kernel "${job.kernel}".`);
    Atomics.store(job.progress, 1, 0);
    Atomics.store(job.progress, 0, 0);
    Atomics.store(this.control, 1, id);
    Atomics.add(this.control, 0, 1);
    Atomics.notify(this.control, 0);
    let failure: Error | undefined;
    work(job, kernel, 0, error => { failure = error; });
    for (let done = Atomics.load(job.progress, 1); done < job.tasks; done = Atomics.load(job.progress, 1)) {
      if (Atomics.wait(job.progress, 1, done, patienceMs) === 'timed-out') throw new Error(`A thread has not answered for ${patienceMs / 1000} s. Start the run again; if it happens again, set EFCP_THREADS=1.`);
    }
    if (failure !== undefined) throw failure;
    if (Atomics.exchange(this.control, 2, 0) > 0) throw new Error(`A thread failed in the kernel "${job.kernel}".`);
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map(worker => worker.terminate()));
  }

  private post(message: PoolMessage): void {
    for (const worker of this.workers) worker.postMessage(message);
  }
}
