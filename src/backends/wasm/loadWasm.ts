/** The embedded default: TensorFlow.js's wasm backend, SIMD where the processor has it, completed so that it can train. */
import { backend as currentBackend, setBackend, version_core as version, type Tensor } from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import path from 'node:path';
import type { Backend } from '../backend';
import { completeBackend } from './completeBackend';
import { withoutComputing } from './hollow';
import { watchHeap } from './watchHeap';
import type { WasmBackend } from './wasmBackend';

/** `assets` holds the folder `wasm` with the backend's binaries and our kernels. */
export async function loadWasm(assets: string, reason: string): Promise<Backend> {
  const folder = path.join(assets, 'wasm') + path.sep;
  setWasmPaths(folder);
  if (!await setBackend('wasm')) throw new Error(`The wasm backend did not start from ${folder}. Build or install EFCP Studio again, or set "backend": "cpu".`);
  const backend = currentBackend() as unknown as WasmBackend;
  // Before anything of ours allocates.
  const held = watchHeap(backend.wasm);
  completeBackend(assets);
  return {
    name: 'wasm', version, reason,
    memory: {
      view: (tensor: Tensor) => backend.typedArrayFromHeap(tensor) as Float32Array,
      written: (tensor: Tensor) => {
        // XNNPACK, which the fused kernels use, keeps their right operand packed for as long as its id is registered.
        const { id, memoryOffset } = backend.dataIdMap.get(tensor.dataId);
        backend.wasm.tfjs.disposeData(id);
        backend.wasm.tfjs.registerTensor(id, tensor.size, memoryOffset);
      },
    },
    held,
    withoutComputing: body => withoutComputing(backend, body),
  };
}
