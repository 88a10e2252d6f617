/**
 * What we use of TensorFlow.js's engine beyond its public types: the tape, the two functions through which every
 * buffer comes and goes, and the one through which kernels run. One file, so that an upgrade of the pinned 4.22.0 has one place to check.
 */
import { engine as publicEngine, type DataId, type KernelBackend, type Tensor } from '@tensorflow/tfjs-core';

/** One recorded operation. `gradient` maps gradients of the outputs to lazily computed gradients of the inputs. */
export interface TapeNode {
  readonly id: number;
  readonly kernelName: string;
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly outputs: readonly Tensor[];
  /** Kept clones of what the gradient needs: the activations. */
  readonly saved: readonly Tensor[];
  readonly gradient?: (outputGradients: readonly (Tensor | null)[]) => Readonly<Record<string, () => Tensor>>;
}

/** Gradients of an operation's inputs, computed when asked for. */
export type LazyGradients = Readonly<Record<string, () => Tensor>>;

export interface RecordedOperation {
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly forwardFunc: (backend: KernelBackend, save: (tensors: Tensor[]) => void) => Tensor;
  readonly backwardsFunc: (outputGradient: Tensor, saved: readonly Tensor[]) => LazyGradients;
}

export interface Engine {
  readonly state: { activeTape: TapeNode[] | null; readonly tensorInfo: { has(dataId: DataId): boolean } };
  readonly backendName: string;
  trackTensor(tensor: Tensor, backend: KernelBackend): void;
  removeDataId(dataId: DataId, backend: KernelBackend): void;
  addTapeNode(kernelName: string, inputs: unknown, outputs: unknown, gradient: unknown, saved: readonly Tensor[], attributes: unknown): void;
  runKernel(name: string, inputs: unknown, attributes: unknown): unknown;
  startTape(): void;
  endTape(): void;
  runKernelFunc(operation: RecordedOperation): Tensor;
}

export function engine(): Engine {
  return publicEngine() as unknown as Engine;
}
