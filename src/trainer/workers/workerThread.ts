/** One gradient worker as the trainer sees it: asked for a slice it promises a report, and the promise fails if the thread ends first. */
import { Worker } from 'node:worker_threads';
import { BackendError } from '../../backends/backendError';
import type { HeldBytes } from '../../protocol/heldBytes';
import { noBytes, type Bytes } from '../../protocol/samples';
import type { SliceData } from './computeSlice';
import type { SliceReport, SliceRequest, WorkerStart } from './sliceMessages';

export class WorkerThread {
  /** As it last reported. */
  live: Bytes = noBytes();
  held: HeldBytes = {};
  private readonly thread: Worker;
  private waiting: { readonly resolve: (report: SliceReport) => void; readonly reject: (error: Error) => void } | undefined;
  private ended: Error | undefined;

  /** `name` is its place among the workers of the run, for people. */
  constructor(file: string, private readonly name: string, readonly start: WorkerStart) {
    this.thread = new Worker(file, { workerData: start });
    this.thread.on('message', (report: SliceReport) => { this.take(report); });
    this.thread.on('error', error => { this.fail(error instanceof Error ? error.message : String(error)); });
    this.thread.on('messageerror', error => { this.fail(error.message); });
    this.thread.on('exit', code => { this.fail(`its thread ended with exit code ${code}`); });
  }

  /** Loss, bytes and, in its place in shared memory, the weighted gradient of a slice. One at a time. */
  compute({ readInputs, labels, ...shared }: SliceData): Promise<SliceReport> {
    if (this.ended !== undefined) return Promise.reject(this.ended);
    this.start.inputs.set(readInputs());
    this.start.labels.set(labels);
    const request: SliceRequest = { examples: labels.length, ...shared };
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.thread.postMessage(request);
    });
  }

  async close(): Promise<void> {
    await this.thread.terminate();
  }

  private take(report: SliceReport): void {
    const { waiting } = this;
    this.waiting = undefined;
    this.live = report.live;
    this.held = report.held;
    waiting?.resolve(report);
  }

  /** The first reason counts: a thread that throws also exits. */
  private fail(reason: string): void {
    this.ended ??= new BackendError(this.start.backend, `The gradient ${this.name} has died: ${reason.replace(/\.$/, '')}. Resume the run, or start it again; if that does not help, start one with fewer workers, or with workers 1, which needs no further thread.`);
    this.waiting?.reject(this.ended);
    this.waiting = undefined;
  }
}
