/** Measures what stands beside the exact count: the process, the backend by its own count, and the GPU by its driver's. */
import type { HeldBytes } from '../protocol/heldBytes';
import { GpuProcess } from './gpuProcess';

/** A backend, as far as it is measured. */
interface Measured {
  readonly held?: () => HeldBytes;
  /** Hardware that it computes on. */
  readonly device?: string;
}

export class HeldMeter {
  private readonly gpu: GpuProcess | undefined;

  constructor(private readonly backend: Measured) {
    this.gpu = backend.device === undefined ? undefined : new GpuProcess();
  }

  /** Takes microseconds: the driver was asked before. */
  read(): HeldBytes {
    const gpuProcess = this.gpu?.bytes();
    return { process: process.memoryUsage.rss(), ...this.backend.held?.(), ...(gpuProcess === undefined ? {} : { gpuProcess }) };
  }
}
