/** The chunks' kernels, from the folder that they were built to. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ChunkCompute } from './chunkCompute';
import { wasmChunks } from './wasmChunks';

export function loadWasmChunks(assets: string): ChunkCompute {
  return wasmChunks(new WebAssembly.Module(readFileSync(path.join(assets, 'wasm', 'kernels.wasm'))));
}
