/**
 * How the examples of a run are cut into batches. By number: a fresh order in every epoch, cut after so many examples. By tokens:
 * sequences of about the same length go together, as many as fit into a number of tokens when all are padded to the longest; the
 * batches are the same in all epochs, their order is not.
 */
import { InputError } from '../settings/problem';
import { batchOf, plainBatches, trainingBatches, type EpochSettings, type ExampleBatch } from './batches';
import type { Dataset } from './dataset';
import { epochOrder } from './split';

export interface BatchPlan {
  /** Batches of an epoch. */
  readonly batches: number;
  /** Those of one epoch, counted from 0, without the first `taken`. */
  epoch(epoch: number, taken?: number): Iterable<ExampleBatch>;
}

export interface BatchPlanSettings extends EpochSettings {
  /** Tokens of a batch of sequences, padding counted; null: `batchSize` examples. */
  readonly batchTokens: number | null;
}

/** Throws InputError where an example has more tokens than a batch may have. */
export function batchPlan(dataset: Dataset, train: Uint32Array, settings: BatchPlanSettings): BatchPlan {
  const { batchTokens, batchSize, seed } = settings;
  if (batchTokens === null || dataset.sequences === undefined) {
    return { batches: Math.ceil(train.length / batchSize), epoch: (epoch, taken = 0) => trainingBatches(dataset, train, settings, epoch, taken) };
  }
  // Equally long examples are mixed once, so that neighbours in the files need not meet.
  const batches = cutByTokens(dataset.sequences.lengths, epochOrder(train, seed, 0), batchTokens);
  const numbers = Uint32Array.from(batches, (_, index) => index);
  return {
    batches: batches.length,
    epoch: function* (epoch, taken = 0) {
      for (const index of epochOrder(numbers, seed, epoch).subarray(taken)) yield batchOf(dataset, batches[index] as Uint32Array);
    },
  };
}

export interface EvaluationSettings extends Pick<BatchPlanSettings, 'batchTokens' | 'batchSize'> {
  /** Examples at once at most, as in training; null: a whole batch. */
  readonly microbatch: number | null;
}

/** Every example once, without training's mixing, and no more at once than a training step takes. */
export function* evaluationBatches(dataset: Dataset, examples: Uint32Array, { batchTokens, batchSize, microbatch }: EvaluationSettings): Generator<ExampleBatch> {
  if (batchTokens === null || dataset.sequences === undefined) {
    yield* plainBatches(dataset, examples, Math.min(batchSize, microbatch ?? batchSize));
    return;
  }
  for (const some of cutByTokens(dataset.sequences.lengths, examples, batchTokens)) yield* plainBatches(dataset, some, microbatch ?? some.length);
}

/** From the shortest to the longest; in each stretch its length times the longest of it is at most `most`. */
export function cutByTokens(lengths: Uint32Array, examples: Uint32Array, most: number): Uint32Array[] {
  const order = examples.slice().sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0));
  const longest = lengths[order.at(-1) ?? 0] ?? 0;
  if (longest > most) throw new InputError([{ field: 'batchTokens', message: `batchTokens is ${most}, but the longest example has ${longest} tokens; it must be at least that. Raise batchTokens, or lower maxTokens, so that long lines are left out.` }]);
  const cuts: Uint32Array[] = [];
  let start = 0;
  for (let place = 1; place <= order.length; place++) {
    if (place < order.length && (place + 1 - start) * (lengths[order[place] ?? 0] ?? 0) <= most) continue;
    cuts.push(order.subarray(start, place));
    start = place;
  }
  return cuts;
}
