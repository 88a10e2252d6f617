/** The heap of the wasm backend, as our kernels use it. Addresses stay when the heap grows; views of it do not. */
import { util, type DataType, type TensorInfo } from '@tensorflow/tfjs-core';
import { computes, hollowKernels } from './hollow';
import { instantiateKernels, type BackendKernels } from './kernelModule';
import { heapIsFull } from './watchHeap';
import type { WasmBackend } from './wasmBackend';

export class Heap {
  private readonly computing: BackendKernels;

  constructor(module: WebAssembly.Module, private readonly backend: WasmBackend) {
    this.computing = instantiateKernels(module, backend.wasm.asm.memory);
  }

  get kernels(): BackendKernels {
    return computes() ? this.computing : hollowKernels;
  }

  address(tensor: TensorInfo): number {
    return this.backend.dataIdMap.get(tensor.dataId).memoryOffset;
  }

  /** The values, until the heap grows. */
  view(tensor: TensorInfo): Float32Array | Int32Array | Uint8Array {
    return this.backend.typedArrayFromHeap(tensor);
  }

  /** A tensor of the engine's, its values undefined. */
  output(shape: readonly number[], dtype: DataType = 'float32'): TensorInfo {
    return this.backend.makeOutput(shape, dtype);
  }

  /** Another handle to the same values. */
  share(tensor: TensorInfo, shape: number[] = tensor.shape): TensorInfo {
    this.backend.incRef(tensor.dataId);
    return { dataId: tensor.dataId, shape, dtype: tensor.dtype };
  }

  release(tensor: TensorInfo): void {
    this.backend.disposeData(tensor.dataId);
  }

  /** Workspace for the duration of `use`; it belongs to no tensor and is counted as none, like that of the backend's own kernels. */
  withScratch(bytes: number, use: (address: number) => void): void {
    const address = this.backend.wasm.asm.malloc(bytes) >>> 0;
    if (address === 0 && bytes > 0) throw heapIsFull(this.backend.wasm, `${bytes} bytes of workspace`);
    try {
      use(address);
    } finally {
      this.backend.wasm.asm.free(address);
    }
  }

  /** Numbers of 32 bits that a kernel reads, in workspace of their own. */
  withIntegers(values: readonly number[], use: (address: number) => void): void {
    this.withScratch(values.length * 4, address => {
      new Int32Array(this.backend.wasm.HEAPU8.buffer, address, values.length).set(values);
      use(address);
    });
  }

  integerAt(address: number): number {
    return new Int32Array(this.backend.wasm.HEAPU8.buffer, address, 1)[0] ?? 0;
  }

  /** All values zero. */
  zeros(shape: readonly number[], dtype: DataType): TensorInfo {
    const output = this.output(shape, dtype);
    const address = this.address(output);
    this.backend.wasm.HEAPU8.fill(0, address, address + util.sizeFromShape(output.shape) * util.bytesPerElement(dtype));
    return output;
  }
}
