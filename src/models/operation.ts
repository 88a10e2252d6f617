/**
 * One step of the tape with a gradient of our own: what `save` keeps is all that stays alive until the backward pass,
 * and the gradient of an input nobody asks for is never computed (tf.customGrad computes them all).
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { engine, type LazyGradients } from '../backends/engine';

export function operation(
  inputs: Readonly<Record<string, Tensor>>,
  forward: (save: (tensors: Tensor[]) => void) => Tensor,
  backward: (outputGradient: Tensor, saved: readonly Tensor[]) => LazyGradients,
): Tensor {
  return engine().runKernelFunc({ inputs, forwardFunc: (_, save) => forward(save), backwardsFunc: backward });
}

/** Computes a value at its first use and returns the same one afterwards, for gradients that share a part. */
export function once<Value>(compute: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => (made ??= { value: compute() }).value;
}
