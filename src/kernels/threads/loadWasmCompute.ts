/** The threads and kernels of this process, from the folder that they were built to. */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { wasmCompute, type WasmCompute, type WasmOptions } from './wasmCompute';

/** More threads than this wait for memory rather than compute. */
const mostThreads = 8;

/** `assets` holds kernelWorker.js and wasm/kernels.wasm. EFCP_THREADS overrides how many threads there are. */
export function loadWasmCompute(assets: string, options: Partial<Pick<WasmOptions, 'threads' | 'memoryLimit'>> = {}): WasmCompute {
  const module = new WebAssembly.Module(readFileSync(path.join(assets, 'wasm', 'kernels.wasm')));
  return wasmCompute({ module, workerFile: path.join(assets, 'kernelWorker.js'), threads: threadsWanted(), ...options });
}

function threadsWanted(): number {
  const wanted = Number(process.env['EFCP_THREADS']);
  return Number.isInteger(wanted) && wanted >= 1 ? wanted : Math.min(os.availableParallelism(), mostThreads);
}
