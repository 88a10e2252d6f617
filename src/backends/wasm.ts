/** The embedded default: TensorFlow.js's wasm backend, SIMD where the processor has it, completed so that it can train. */
import { backend as currentBackend, setBackend, version_core as version, type DataId, type Tensor } from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import path from 'node:path';
import type { Backend } from './backend';
import { refuseOverflow, type WasmHeap } from './refuseOverflow';
import { completeWasmKernels } from './wasmKernels';

/** What we use of the backend: its heap, where each tensor lies in it, and its table of tensors. */
interface WasmBackend {
  readonly wasm: WasmHeap & {
    readonly tfjs: { registerTensor(id: number, size: number, memoryOffset: number): void; disposeData(id: number): void };
  };
  readonly dataIdMap: { get(dataId: DataId): { readonly id: number; readonly memoryOffset: number } };
  typedArrayFromHeap(tensor: Tensor): Float32Array;
}

/** `assets` holds the folder `wasm` with the backend's binaries. */
export async function loadWasm(assets: string, reason: string): Promise<Backend> {
  const folder = path.join(assets, 'wasm') + path.sep;
  setWasmPaths(folder);
  if (!await setBackend('wasm')) throw new Error(`The wasm backend did not start from ${folder}. Build or install EFCP Studio again, or set "backend": "cpu".`);
  completeWasmKernels();
  const wasm = currentBackend() as unknown as WasmBackend;
  refuseOverflow(wasm.wasm);
  return {
    name: 'wasm', version, reason,
    memory: {
      view: (tensor: Tensor) => wasm.typedArrayFromHeap(tensor),
      written: (tensor: Tensor) => {
        // XNNPACK keeps the right operand of every product packed, for as long as its id is registered.
        const { id, memoryOffset } = wasm.dataIdMap.get(tensor.dataId);
        wasm.wasm.tfjs.disposeData(id);
        wasm.wasm.tfjs.registerTensor(id, tensor.size, memoryOffset);
      },
    },
    heapBytes: () => wasm.wasm.HEAPU8.length,
  };
}
