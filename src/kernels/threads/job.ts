/**
 * Work that several threads share. A job is a kernel bound to its arrays, which live in shared memory; it is cut into tasks,
 * which threads claim one after the other. What a task computes does not depend on who claims it.
 */
export interface Job {
  readonly kernel: string;
  readonly tasks: number;
  /** [tasks claimed, tasks done] of the run under way. */
  readonly progress: Int32Array;
  /** What changes from run to run. */
  readonly numbers: Float64Array;
  /** The arrays, memories and layouts of the kernel; everything in it can be posted to a thread. */
  readonly bound: unknown;
}

/** Runs task `task` of a job, on thread `thread`. */
export type Kernel = (bound: never, numbers: Float64Array, task: number, tasks: number, thread: number) => void;

/** The panels of task `task`: consecutive ones, as evenly as they go. */
export function shareOf(panels: number, task: number, tasks: number): [from: number, to: number] {
  return [Math.floor(panels * task / tasks), Math.floor(panels * (task + 1) / tasks)];
}

/** More tasks than threads balance the load; their number must not depend on that of the threads, or sums would. */
export function tasksFor(panels: number): number {
  return Math.min(panels, 64);
}

/** Claims tasks until none is left. An error ends the task, not the thread; it is kept in `failed`. */
export function work(job: Job, kernel: Kernel, thread: number, failed: (error: Error) => void): void {
  for (;;) {
    const task = Atomics.add(job.progress, 0, 1);
    if (task >= job.tasks) return;
    try {
      kernel(job.bound as never, job.numbers, task, job.tasks, thread);
    } catch (error) {
      failed(error instanceof Error ? error : new Error(`The kernel "${job.kernel}" failed.`, { cause: error }));
    }
    if (Atomics.add(job.progress, 1, 1) + 1 === job.tasks) Atomics.notify(job.progress, 1);
  }
}
