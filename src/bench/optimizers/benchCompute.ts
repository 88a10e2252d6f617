/** What the bench computes with: the kernels and threads that a run uses. */
import { loadWasmCompute } from '../../kernels/threads/loadWasmCompute';
import type { WasmCompute } from '../../kernels/threads/wasmCompute';

/** `assets` is the folder of the files that the build made. Close it to give its memory back. */
export function benchCompute(assets: string): WasmCompute {
  return loadWasmCompute(assets);
}
