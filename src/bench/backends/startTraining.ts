/** Trains a model with the public API of TensorFlow.js on whichever backend is current: its gradients, its plain SGD. */
import { dispose, tensor, tidy, train, variable, variableGrads, type Scalar, type Tensor, type Variable } from '@tensorflow/tfjs-core';
import { random } from '../random';
import type { Batch, BenchModel, HostBatch } from './benchModel';

export interface Training {
  /** One step on the next batch. The clock starts with the batch on the host and stops when its loss is back there. */
  step(): Promise<StepResult>;
  /** Gradients of all parameters on the next batch, in order, as numbers; changes nothing but the place in the data. */
  gradients(): Promise<Float32Array[]>;
  dispose(): void;
}

export interface StepResult {
  /** Before the step. */
  readonly loss: number;
  readonly milliseconds: number;
}

/** The same seed gives the same initial values and batches on every backend. */
export function startTraining(model: BenchModel, seed = 1): Training {
  const source = random(seed);
  const variables = model.parameters.map(({ shape, mean, deviation }) => {
    const length = shape.reduce((product, side) => product * side, 1);
    const values = Float32Array.from({ length }, () => (deviation === 0 ? mean : mean + deviation * source.normal()));
    return tidy(() => variable(tensor(values, [...shape])));
  });
  const byName = new Map(model.parameters.map(({ name }, index) => [name, variables[index] as Variable]));
  const parameters = (name: string): Tensor => {
    const found = byName.get(name);
    if (found === undefined) throw new Error(`${model.name} has no parameter "${name}"`);
    return found;
  };
  const nextBatch = model.data(source);
  const optimizer = train.sgd(model.learningRate);
  return {
    step: async () => {
      const host = nextBatch();
      const begun = performance.now();
      const batch = upload(host);
      const cost = optimizer.minimize(() => model.loss(parameters, batch), true, variables) as Scalar;
      const [loss = Number.NaN] = await cost.data();
      const milliseconds = performance.now() - begun;
      dispose([cost, batch.inputs, batch.labels]);
      return { loss, milliseconds };
    },
    gradients: async () => {
      const batch = upload(nextBatch());
      const { value, grads } = variableGrads(() => model.loss(parameters, batch), variables);
      const inOrder = variables.map(({ name }) => grads[name] as Tensor);
      const values = await Promise.all(inOrder.map(gradient => gradient.data<'float32'>()));
      dispose([value, ...inOrder, batch.inputs, batch.labels]);
      return values;
    },
    dispose: () => {
      dispose(variables);
      optimizer.dispose();
    },
  };
}

function upload({ shape, inputs, labels }: HostBatch): Batch {
  return {
    inputs: tensor(inputs, [...shape], inputs instanceof Int32Array ? 'int32' : 'float32'),
    labels: tensor(labels, [labels.length], 'int32'),
  };
}
