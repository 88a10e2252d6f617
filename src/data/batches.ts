/** Gathers examples into tensors. Grey levels become 0 to 1. */
import { tensor, tensor1d, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import type { Dataset } from './dataset';
import type { Shift } from './shifts';

/** Consecutive stretches of `order`, the last one possibly shorter, without the first `taken`. */
export function* stretches(order: Uint32Array, batchSize: number, taken = 0): Generator<Uint32Array> {
  for (let start = taken * batchSize; start < order.length; start += batchSize) yield order.subarray(start, start + batchSize);
}

/**
 * Tensors of the examples when they are asked for: inputs float32 [examples, ...inputShape], labels int32 [examples].
 * `shift`, where given, is asked once per example how far to move it, in order.
 */
export function batchOf(dataset: Dataset, examples: Uint32Array, inputShape: readonly number[], shift: () => Shift = () => [0, 0]): BatchOfImages {
  const shifts = Array.from(examples, shift);
  const pixels = dataset.images.length / dataset.labels.length;
  return {
    examples: examples.length,
    make: (from, to) => {
      const [own, ownShifts] = [examples.subarray(from, to), shifts.slice(from, to)];
      const values = new Float32Array(own.length * pixels);
      own.forEach((example, row) => { copyImage(dataset, example * pixels, ownShifts[row] ?? [0, 0], values, row * pixels); });
      return {
        inputs: [tensor(values, [own.length, ...inputShape], 'float32')],
        labels: tensor1d(Int32Array.from(own, example => dataset.labels[example] ?? 0), 'int32'),
      };
    },
  };
}

export interface BatchOfImages {
  readonly examples: number;
  /** Of the examples [from, to); the caller disposes of them. */
  make(from: number, to: number): { readonly inputs: readonly [Tensor]; readonly labels: Tensor1D };
}

/** What is moved out of the picture is lost; what is left free is 0. */
function copyImage({ images, imageShape: [height = 0, width = 0] }: Dataset, from: number, [down, right]: Shift, values: Float32Array, to: number): void {
  for (let y = Math.max(0, down); y < Math.min(height, height + down); y++) {
    for (let x = Math.max(0, right); x < Math.min(width, width + right); x++) {
      values[to + y * width + x] = (images[from + (y - down) * width + x - right] ?? 0) / 255;
    }
  }
}
