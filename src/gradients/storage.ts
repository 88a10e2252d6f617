/** How tensors are stored that wait for the backward pass: saved activations and the boundaries of recomputed stretches. */
import type { Tensor } from '@tensorflow/tfjs-core';

export interface ActivationStorage {
  /** Takes over `tensor`, which stays valid only through what this returns. */
  store(tensor: Tensor): Stored;
}

export interface Stored {
  /** Its value as float32. The caller disposes of it, and may do so while it is still stored. */
  restore(): Tensor;
  dispose(): void;
}
