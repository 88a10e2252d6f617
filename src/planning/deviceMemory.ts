/** How much memory there is for a run, by where its backend computes: a GPU's by the driver's own program, wasm's heap, or a share of the machine's. */
import { totalmem } from 'node:os';
import { nvidiaGpus, type Gpu } from '../backends/gpus';

export interface DeviceMemory {
  readonly bytes: number;
  /** Where it is, in words. */
  readonly what: string;
}

/** What the system and other programs are left. */
const share = 0.75;
/** 32-bit addresses. */
const wasmHeap = 2 ** 32;

export interface Machine {
  readonly gpus: () => Promise<readonly Gpu[]>;
  readonly totalBytes: () => number;
}

export async function deviceMemory(backend: string, machine: Machine = { gpus: () => nvidiaGpus(), totalBytes: totalmem }): Promise<DeviceMemory> {
  const ofMachine = Math.floor(share * machine.totalBytes());
  if (backend === 'wasm') {
    return wasmHeap <= ofMachine ? { bytes: wasmHeap, what: 'the heap of the wasm backend' } : { bytes: ofMachine, what: `${100 * share} % of this machine's memory` };
  }
  const [gpu] = backend === 'cpu' ? [] : await machine.gpus();
  if (gpu !== undefined) return { bytes: gpu.memoryBytes, what: `the memory of ${gpu.name}` };
  return { bytes: ofMachine, what: `${100 * share} % of this machine's memory` };
}
