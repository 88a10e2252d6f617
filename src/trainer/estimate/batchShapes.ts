/**
 * The batches of a run, as far as bytes depend on them: how many examples are on the device at once, and of which shapes. Of text the
 * lengths differ from batch to batch. Batches that are cut by tokens are the same in every epoch and are all looked at; of the others
 * any may hold the longest example.
 */
import { batchPlan, evaluationBatches, type BatchPlan } from '../../data/batchPlan';
import type { ExampleBatch } from '../../data/batches';
import type { ArraySpecification, Dataset } from '../../data/dataset';
import { augmentationOf } from '../../data/moves';
import { splitOf } from '../../data/split';
import { sizeOf } from '../../models/model';
import type { Settings } from '../../settings/knobs';

export interface ArrayShape {
  /** Without the examples. */
  readonly shape: readonly number[];
  readonly dtype: ArraySpecification['dtype'];
}

/** Examples that are on the device at once. */
export interface SliceShape {
  readonly examples: number;
  readonly inputs: readonly ArrayShape[];
  readonly labels: ArrayShape;
}

export interface BatchShapes {
  /** Those of which one needs the most memory, by whichever count. */
  readonly largest: readonly SliceShape[];
  /** Of the mean step: its examples, and what it has of the numbers of the first of `largest`, in all its slices together. */
  readonly examples: number;
  readonly share: number;
  readonly slices: number;
}

export interface RunShapes {
  readonly training: BatchShapes;
  readonly validation: BatchShapes;
  readonly steps: number;
  /** Whether lengths differ. */
  readonly varies: boolean;
}

export function shapesOf(dataset: Dataset, settings: Settings): RunShapes {
  const split = splitOf(dataset, settings.validationFraction, settings.seed);
  const plan = batchPlan(dataset, split.train, { ...settings, augmentation: augmentationOf(dataset, settings.shift) });
  const { batchSize, microbatch, epochs } = settings;
  const steps = plan.batches * epochs;
  const varies = [...dataset.inputs, dataset.labels].some(({ shape }) => shape.includes(null));
  if (!varies) {
    const batch = Math.min(batchSize, split.train.length);
    return { steps, varies, training: ofOne(dataset, batch, microbatch), validation: ofOne(dataset, Math.min(batchSize, split.validation.length), microbatch) };
  }
  const trained = looked(plan.epoch(0), microbatch);
  const isCutByTokens = settings.batchTokens !== null && dataset.sequences !== undefined;
  return {
    steps, varies,
    training: chosen(isCutByTokens ? trained : [longestOf(trained, Math.min(microbatch ?? batchSize, batchSize, split.train.length))], trained, plan),
    validation: chosen(looked(evaluationBatches(dataset, split.validation, settings), null)),
  };
}

function ofOne({ inputs, labels }: Dataset, batch: number, microbatch: number | null): BatchShapes {
  const known = ({ shape, dtype }: ArraySpecification) => ({ shape: shape.map(length => length ?? 1), dtype });
  const examples = Math.min(batch, microbatch ?? batch);
  return { largest: [{ examples, inputs: inputs.map(known), labels: known(labels) }], examples: batch, share: batch / examples, slices: Math.ceil(batch / examples) };
}

/** The shapes of all slices. */
function looked(batches: Iterable<ExampleBatch>, microbatch: number | null): SliceShape[] {
  const found: SliceShape[] = [];
  for (const batch of batches) {
    const size = microbatch ?? batch.examples;
    for (let from = 0; from < batch.examples; from += size) {
      const to = Math.min(batch.examples, from + size);
      const { inputs, labels } = batch.make(from, to);
      const shapeOf = ({ shape, dtype }: (typeof inputs)[number]): ArrayShape => ({ shape: shape.slice(1), dtype: dtype === 'int32' ? 'int32' : 'float32' });
      found.push({ examples: to - from, inputs: inputs.map(shapeOf), labels: shapeOf(labels) });
      for (const tensor of [...inputs, labels]) tensor.dispose();
    }
  }
  return found;
}

/** So many examples, each array as long as the longest of its kind. */
function longestOf(slices: readonly SliceShape[], examples: number): SliceShape {
  const longest = (arrays: readonly ArrayShape[]): ArrayShape => {
    const [first] = arrays as readonly [ArrayShape];
    return { ...first, shape: first.shape.map((_, axis) => Math.max(...arrays.map(({ shape }) => shape[axis] ?? 0))) };
  };
  const [{ inputs }] = slices as readonly [SliceShape];
  return { examples, inputs: inputs.map((_, at) => longest(slices.map(slice => slice.inputs[at] as ArrayShape))), labels: longest(slices.map(({ labels }) => labels)) };
}

/** What grows with lengths in one way or another; whichever decides, the largest by it is among them. */
const measures: readonly ((slice: SliceShape) => number)[] = [
  numbersIn,
  ({ examples, labels }) => examples * sizeOf(labels.shape),
  ({ examples, inputs }) => examples * inputs.reduce((sum, { shape }) => sum + sizeOf(shape) ** 2, 0),
];

function chosen(candidates: readonly SliceShape[], all = candidates, plan?: BatchPlan): BatchShapes {
  const largest = [...new Set(measures.map(measure => candidates.reduce((best, each) => measure(each) > measure(best) ? each : best)))];
  const steps = plan?.batches ?? all.length;
  const numbers = all.reduce((sum, each) => sum + numbersIn(each), 0);
  return {
    largest, examples: all.reduce((sum, { examples }) => sum + examples, 0) / steps,
    share: numbers / steps / numbersIn(largest[0] as SliceShape), slices: all.length / steps,
  };
}

/** Of all examples and labels. */
export function numbersIn({ examples, inputs, labels }: SliceShape): number {
  return examples * [...inputs, labels].reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}
