/** Gathers examples into tensors. Grey levels become 0 to 1. */
import { tensor, tensor1d, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import type { Dataset } from './dataset';
import type { Shift } from './shifts';

/** Consecutive stretches of `order`, the last one possibly shorter, without the first `taken`. */
export function* stretches(order: Uint32Array, batchSize: number, taken = 0): Generator<Uint32Array> {
  for (let start = taken * batchSize; start < order.length; start += batchSize) yield order.subarray(start, start + batchSize);
}

/**
 * Tensors of the examples: inputs float32 [examples, ...inputShape], labels int32 [examples]. The caller disposes of them.
 * `shift`, where given, is asked once per example how far to move it.
 */
export function gather(dataset: Dataset, examples: Uint32Array, inputShape: readonly number[], shift: () => Shift = () => [0, 0]): { inputs: Tensor; labels: Tensor1D } {
  const pixels = dataset.images.length / dataset.labels.length;
  const values = new Float32Array(examples.length * pixels);
  examples.forEach((example, row) => { copyImage(dataset, example * pixels, shift(), values, row * pixels); });
  return {
    inputs: tensor(values, [examples.length, ...inputShape], 'float32'),
    labels: tensor1d(Int32Array.from(examples, example => dataset.labels[example] ?? 0), 'int32'),
  };
}

/** What is moved out of the picture is lost; what is left free is 0. */
function copyImage({ images, imageShape: [height = 0, width = 0] }: Dataset, from: number, [down, right]: Shift, values: Float32Array, to: number): void {
  for (let y = Math.max(0, down); y < Math.min(height, height + down); y++) {
    for (let x = Math.max(0, right); x < Math.min(width, width + right); x++) {
      values[to + y * width + x] = (images[from + (y - down) * width + x - right] ?? 0) / 255;
    }
  }
}
