import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import type { Model } from '../models/model';

/** Examples of one step, on the device. */
export interface Batch {
  /** [batch, ...the model's input shape], float32. */
  readonly inputs: Tensor;
  /** [batch], int32 class numbers. */
  readonly labels: Tensor1D;
}

export interface Evaluation {
  /** Mean over the batch. */
  readonly loss: number;
  /** Examples whose largest logit is the labelled class. */
  readonly correct: number;
}

/**
 * A way to obtain loss and gradients. Each parameter's gradient is handed over once, when it is complete, and is disposed
 * when `receive` returns: a source never holds all gradients at a time. Sources wrap one another. Reading the loss waits for
 * the device, so a source is asynchronous.
 */
export type GradientSource = (model: Model, parameters: readonly Tensor[], batch: Batch, receive: (parameter: number, gradient: Tensor) => void) => Promise<Evaluation>;
