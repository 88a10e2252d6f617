/**
 * Parameters and buffers as a gradient source reads them. However parameters are stored, they are lent as dense float32 tensors for
 * the time of one layer; what must be made for that is workspace.
 */
import type { Tensor } from '@tensorflow/tfjs-core';

export interface Weights {
  /** Calls `use` with those parameters, dense; whatever was made for the purpose dies when it returns. */
  lend<Result>(parameters: readonly number[], use: (tensors: readonly Tensor[]) => Result): Result;
  /** Buffers of the model, by place. */
  readonly buffers: readonly Tensor[];
  /** Takes over tensors in the place of these buffers, and disposes of the former. */
  replaceBuffers(places: readonly number[], tensors: readonly Tensor[]): void;
}
