/** One batch of made-up examples through a model: loss, and the gradients that are handed over. */
import assert from 'node:assert/strict';
import { tensor, tensor1d, type Tensor } from '@tensorflow/tfjs-core';
import type { Batch, BatchSource, Evaluation, SliceSource } from '../../src/gradients/gradientSource';
import type { Weights } from '../../src/gradients/weights';
import { initialValues } from '../../src/models/initialize';
import { fixedShape, sizeOf, type Model } from '../../src/models/model';

/** Examples of `classes` classes; of the first input's shape, all others alike. */
export function madeUpBatch(model: Pick<Model, 'inputs'>, examples: number, classes = 10): Batch {
  return madeUpSource(model, examples, classes).make(0, examples);
}

/** The same examples however they are cut. */
export function madeUpSource(model: Pick<Model, 'inputs'>, examples: number, classes = 10): BatchSource {
  return {
    examples,
    make: (from, to) => ({
      inputs: model.inputs.map(input => {
        const shape = fixedShape(input.shape);
        const size = sizeOf(shape);
        return tensor(Float32Array.from({ length: (to - from) * size }, (_, index) => Math.sin((from * size + index) * 1.7)), [to - from, ...shape]);
      }),
      labels: tensor1d(Int32Array.from({ length: to - from }, (_, index) => 7 * (from + index) % classes), 'int32'),
    }),
  };
}

export function parameterTensors(model: Model, seed = 3): Tensor[] {
  return initialValues(model.parameters, seed).map((values, index) => tensor(values, [...model.parameters[index]!.shape]));
}

export interface Result extends Evaluation {
  readonly gradients: Float32Array[];
  /** Parameters in the order in which their gradients came. */
  readonly order: number[];
}

export async function sliceResult(source: SliceSource, model: Model, weights: Weights, batch: Batch, seed = 1): Promise<Result> {
  const gradients: Float32Array[] = [];
  const order: number[] = [];
  const evaluation = await source({
    model, weights, batch, seed, slices: 1, lossScale: 1,
    receive: (parameter, gradient) => {
      assert.equal(gradients[parameter], undefined, 'each gradient is handed over once');
      assert.deepEqual(gradient.shape, [...model.parameters[parameter]!.shape]);
      gradients[parameter] = Float32Array.from(gradient.dataSync());
      order.push(parameter);
    },
  });
  return { ...evaluation, gradients, order };
}
