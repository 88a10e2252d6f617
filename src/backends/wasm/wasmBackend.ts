/** What we use of TensorFlow.js's wasm backend beyond its public types: its heap, and where each tensor lies in it. */
import type { DataId, DataType, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';

/** The heap, as TensorFlow.js asks it for tensors. */
export interface WasmHeap {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
}

export interface WasmBackend extends KernelBackend {
  readonly wasm: WasmHeap & {
    /** The module itself. Its kernels take their workspace from the same allocator as we take ours. */
    readonly asm: { readonly memory: WebAssembly.Memory; malloc(bytes: number): number; free(address: number): void };
    readonly tfjs: { registerTensor(id: number, size: number, memoryOffset: number): void; disposeData(id: number): void };
  };
  readonly dataIdMap: { get(dataId: DataId): { readonly id: number; readonly memoryOffset: number } };
  makeOutput: (shape: readonly number[], dtype: DataType, ...more: never[]) => TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): Float32Array | Int32Array | Uint8Array;
}
