/** Gathers examples into tensors. Grey levels become 0 to 1. */
import { tensor, tensor1d, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import type { Dataset } from './dataset';

/** Consecutive stretches of `order`, the last one possibly shorter. */
export function* stretches(order: Uint32Array, batchSize: number): Generator<Uint32Array> {
  for (let start = 0; start < order.length; start += batchSize) yield order.subarray(start, start + batchSize);
}

/** Tensors of the examples: inputs float32 [examples, ...inputShape], labels int32 [examples]. The caller disposes of them. */
export function gather({ images, labels }: Dataset, examples: Uint32Array, inputShape: readonly number[]): { inputs: Tensor; labels: Tensor1D } {
  const pixels = images.length / labels.length;
  const values = new Float32Array(examples.length * pixels);
  examples.forEach((example, row) => {
    for (let pixel = 0; pixel < pixels; pixel++) values[row * pixels + pixel] = (images[example * pixels + pixel] ?? 0) / 255;
  });
  return {
    inputs: tensor(values, [examples.length, ...inputShape], 'float32'),
    labels: tensor1d(Int32Array.from(examples, example => labels[example] ?? 0), 'int32'),
  };
}
