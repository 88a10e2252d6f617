/**
 * Cuts the examples of an epoch into batches, and makes tensors of slices of them. How an example is moved is drawn for the whole
 * batch before it is cut, so it does not depend on the cut.
 */
import { tensor, type Tensor } from '@tensorflow/tfjs-core';
import type { Dataset, HostArray } from './dataset';
import { drawMoves, type Augmentation, type Move } from './moves';
import { epochOrder } from './split';

/** Examples of one step, and tensors of any stretch of them, which who asks disposes of. */
export interface ExampleBatch {
  readonly examples: number;
  make(from: number, to: number): { readonly inputs: readonly Tensor[]; readonly labels: Tensor };
  /** What the examples [from, to) weigh in the mean; absent where each weighs one. */
  weigh?(from: number, to: number): number;
}

/** What decides an epoch's batches. */
export interface EpochSettings {
  readonly seed: number;
  readonly batchSize: number;
  readonly augmentation: Augmentation;
}

/** Consecutive stretches of `order`, the last one possibly shorter, without the first `taken`. */
export function* stretches(order: Uint32Array, batchSize: number, taken = 0): Generator<Uint32Array> {
  for (let start = taken * batchSize; start < order.length; start += batchSize) yield order.subarray(start, start + batchSize);
}

/** The batches of one epoch (counted from 0), shuffled and augmented, without the first `taken`. */
export function* trainingBatches(dataset: Dataset, train: Uint32Array, { seed, batchSize, augmentation }: EpochSettings, epoch: number, taken = 0): Generator<ExampleBatch> {
  const draw = drawMoves(augmentation, seed, epoch, taken * batchSize);
  for (const examples of stretches(epochOrder(train, seed, epoch), batchSize, taken)) yield batchOf(dataset, examples, draw);
}

/** In order, and as the pictures are. */
export function* plainBatches(dataset: Dataset, examples: Uint32Array, batchSize: number): Generator<ExampleBatch> {
  for (const some of stretches(examples, batchSize)) yield batchOf(dataset, some);
}

/** Tensors of these examples when they are asked for. `draw` is asked once per example how to move it, in order. */
export function batchOf(dataset: Dataset, examples: Uint32Array, draw?: () => Move): ExampleBatch {
  const moves = draw && Array.from(examples, draw);
  const predictions = dataset.sequences?.predictions;
  return {
    examples: examples.length,
    ...(predictions === undefined ? {} : { weigh: (from, to) => examples.subarray(from, to).reduce((sum, example) => sum + (predictions[example] ?? 0), 0) }),
    make: (from, to) => {
      const { inputs, labels } = dataset.make(examples.subarray(from, to), moves?.slice(from, to));
      return { inputs: inputs.map(tensorOf), labels: tensorOf(labels) };
    },
  };
}

function tensorOf({ values, shape }: HostArray): Tensor {
  return tensor(values, [...shape], values instanceof Int32Array ? 'int32' : 'float32');
}
