/** A TensorFlow.js backend that is loaded and current, and what the trainer needs to know of it. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { HeldBytes } from '../protocol/heldBytes';
import type { Settings } from '../settings/knobs';
import type { WebgpuAdapter } from './webgpuAdapter';

/** A backend that settings can name. */
export type BackendName = Exclude<Settings['backend'], 'auto'>;

export interface Backend {
  readonly name: BackendName;
  /** Version of the package that provides it. */
  readonly version: string;
  /** Why this backend was chosen, for people. */
  readonly reason: string;
  /** Hardware it computes on, as its driver names it; absent on the processor. */
  readonly device?: string;
  /** What WebGPU says of that hardware. */
  readonly adapter?: WebgpuAdapter;
  /** Absent where values can only be copied. */
  readonly memory?: DirectMemory;
  /**
   * Present where values can only be awaited, as on a GPU; `dataSync` must not be used there. Begins a copy to the host; the
   * tensor may die as soon as this returns.
   */
  readonly read?: (tensor: Tensor) => Promise<Float32Array>;
  /** Bytes that one tensor may have at most; absent where memory is the only limit. */
  readonly largestTensorBytes?: number;
  /** What the backend itself holds now, by its own count. */
  readonly held?: () => HeldBytes;
  /**
   * Runs `body` while operations make their results without computing them; what they hold is undefined. Until it has settled nobody
   * else may use the backend. Absent where that cannot be.
   */
  readonly withoutComputing?: <Result>(body: () => Promise<Result>) => Promise<Result>;
  /** What has gone wrong on the device since it was loaded, with the remedy: its failures arrive late. Results from then on are worth nothing. */
  readonly failed?: () => Error | undefined;
}

/** Float32 tensors as memory that the host reads and writes in place. */
export interface DirectMemory {
  /** The tensor's own values, valid until the next tensor is made: a wasm heap moves when it grows. */
  view(tensor: Tensor): Float32Array;
  /** Must follow every write through a view: backends keep copies of operands, packed for speed. */
  written(tensor: Tensor): void;
}
