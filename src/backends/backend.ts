/** A TensorFlow.js backend that is loaded and current, and what the trainer needs to know of it. */
import type { Tensor } from '@tensorflow/tfjs-core';

export interface Backend {
  readonly name: 'wasm' | 'cpu' | 'tensorflow' | 'webgpu';
  /** Version of the package that provides it. */
  readonly version: string;
  /** Why this backend was chosen, for people. */
  readonly reason: string;
  /** Hardware it computes on, as its driver names it; absent on the processor. */
  readonly device?: string;
  /** That hardware is a processor which stands in for a GPU. */
  readonly isSoftware?: true;
  /** Absent where values can only be copied. */
  readonly memory?: DirectMemory;
  /** Size of the backend's WebAssembly heap now; absent on backends without one. */
  readonly heapBytes?: () => number;
}

/** Float32 tensors as memory that the host reads and writes in place. */
export interface DirectMemory {
  /** The tensor's own values, valid until the next tensor is made: a wasm heap moves when it grows. */
  view(tensor: Tensor): Float32Array;
  /** Must follow every write through a view: backends keep copies of operands, packed for speed. */
  written(tensor: Tensor): void;
}
