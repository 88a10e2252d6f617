/** Figures of a model for a batch of any size, from passes over one example and over a few: what a step will take can be said before there is room for it. */
import { slice, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Model } from '../../models/model';
import type { Batch } from '../gradientSource';
import type { Weights } from '../weights';
import { scaleFigures, type ModelFigures } from './figures';
import { measureFigures } from './measureFigures';

/** Examples that `scaledFigures` needs. */
export const few = 4;

/** `batch`: a few examples, or more. */
export async function scaledFigures(model: Model, weights: Weights, batch: Batch, examples: number): Promise<ModelFigures> {
  const [there = 0] = batch.labels.shape;
  if (there < few) throw new Error(`Sizes for a batch follow from those for one example and for ${few}, but there are ${there}.`);
  const at = (count: number) => withFirst(batch, count, first => measureFigures(model, weights, first));
  return scaleFigures({ batch: 1, figures: await at(1) }, { batch: few, figures: await at(few) }, examples);
}

/** Lets `use` see the first examples of a batch. */
async function withFirst<Result>({ inputs, labels }: Batch, count: number, use: (batch: Batch) => Promise<Result>): Promise<Result> {
  const first = (tensor: Tensor): Tensor => tidy(() => slice(tensor, tensor.shape.map(() => 0), [count, ...tensor.shape.slice(1)]));
  const batch = { inputs: inputs.map(first), labels: first(labels) };
  try {
    return await use(batch);
  } finally {
    for (const tensor of [...batch.inputs, batch.labels]) tensor.dispose();
  }
}
