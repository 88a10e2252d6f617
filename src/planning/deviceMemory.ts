/** How much memory there is for a run, by where its backend computes: a GPU's by the driver's own program, wasm's heap, or a share of the machine's. */
import { totalmem } from 'node:os';
import { nvidiaGpus, type Gpu } from '../backends/gpus';
import type { Estimate } from '../protocol/estimate';
import { InputError } from '../settings/problem';

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

/** `device`: the hardware that the backend computes on, where that is not the processor. Throws InputError where nobody says what it has. */
export async function deviceMemory({ backend, device }: Pick<Estimate, 'backend' | 'device'>, machine: Machine = { gpus: () => nvidiaGpus(), totalBytes: totalmem }): Promise<DeviceMemory> {
  const ofMachine = Math.floor(share * machine.totalBytes());
  if (backend === 'wasm' && wasmHeap <= ofMachine) return { bytes: wasmHeap, what: 'all that the heap of the wasm backend can grow to' };
  if (device === undefined) return { bytes: ofMachine, what: `${100 * share} % of this machine's memory` };
  const gpu = ofName(await machine.gpus(), device);
  if (gpu !== undefined) return { bytes: gpu.memoryBytes, what: `the memory of ${gpu.name}` };
  throw new InputError([{ field: 'budget', message: `budget is "device", but how much memory ${device} has for the ${backend} backend is not known: only NVIDIA's driver is asked, by nvidia-smi, and it does not list it. Give a size instead, such as 8GB, or set backend to "wasm".` }]);
}

/** WebGPU may name the only card in other words than its driver. */
function ofName(gpus: readonly Gpu[], device: string): Gpu | undefined {
  return gpus.find(({ name }) => name === device) ?? (gpus.length === 1 && /nvidia/i.test(device) ? gpus[0] : undefined);
}
