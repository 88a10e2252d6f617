import type { Tensor } from '@tensorflow/tfjs-core';
import type { Model } from '../models/model';
import type { Weights } from './weights';

/** Examples of one step, or of a slice of it, as tensors of the backend. */
export interface Batch {
  /** One for each input of the model: [batch, ...its shape]. */
  readonly inputs: readonly Tensor[];
  /** What the loss compares with: int32 class numbers [batch], or whatever else it takes. */
  readonly labels: Tensor;
}

/** Examples of one step, made into tensors when they are needed. */
export interface BatchSource {
  readonly examples: number;
  /** Tensors of the examples [from, to), which the caller disposes of. */
  make(from: number, to: number): Batch;
  /** What those examples weigh in the mean; as much as there are of them where nothing is said. */
  weigh?(from: number, to: number): number;
}

export interface Evaluation {
  /** Mean over the batch. */
  readonly loss: number;
  /** Examples that are predicted rightly; absent where the loss knows no right and wrong. */
  readonly correct?: number;
  /** Predictions that `correct` is out of, where they are not one an example. */
  readonly predictions?: number;
  /** Floating-point operations of the step: those of the forward pass three times, since a backward pass costs two of them. Without the next. */
  readonly flops?: number;
  /** Of forward passes that were made again in the backward pass. */
  readonly recomputedFlops?: number;
}

/** The share of a slice of the batch in the gradient of the step. */
export interface Share {
  readonly weight: number;
  readonly first: boolean;
  readonly last: boolean;
}

/** Loss and gradients of one slice of the batch. */
export interface SliceRequest {
  readonly model: Model;
  readonly weights: Weights;
  readonly batch: Batch;
  /** At least 1; fixes what is random in the passes. */
  readonly seed: number;
  /** Slices that the batch is cut into. */
  readonly slices: number;
  /** Gradients are handed over multiplied by this. */
  readonly lossScale: number;
  /** Takes the gradient of one parameter, complete, which is disposed of when this returns: they are never all alive at a time. */
  readonly receive: (parameter: number, gradient: Tensor) => void;
}

/** No gradient is handed over where the loss is no finite number. Reading the loss waits for the device, so this is asynchronous. */
export type SliceSource = (request: SliceRequest) => Promise<Evaluation>;

export interface GradientRequest {
  readonly model: Model;
  readonly weights: Weights;
  readonly batch: BatchSource;
  readonly seed: number;
  readonly lossScale: number;
  /** The gradient of the step is the sum over slices of weight times gradient, divided by `lossScale`. */
  readonly receive: (parameter: number, gradient: Tensor, share: Share) => void;
  /** Resolves when what was received has left the device. Waited for between slices, so that gradients of one slice alone are on their way. */
  readonly arrived?: () => Promise<void> | undefined;
}

/** A way to obtain loss and gradients of a step. */
export type GradientSource = (request: GradientRequest) => Promise<Evaluation>;
