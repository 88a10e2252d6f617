/** The loss and the gradients of a tf.LayersModel as tfjs-layers' own training takes them: tf.variableGrads over all that it trains. */
import { add, mean, tidy, variableGrads, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { internals } from '../../src/models/layersModel/layersInternals';

export interface Reference {
  readonly loss: number;
  readonly gradients: readonly (Float32Array | undefined)[];
  /** Weights that are not trained, after the step, by name. */
  readonly others: ReadonlyMap<string, Float32Array>;
}

/** `lossOf` is what the model was compiled with, unless it is given. */
export function layersModelGradients(layersModel: LayersModel, inputs: readonly Tensor[], labels: Tensor, lossOf?: (output: Tensor, labels: Tensor) => Tensor): Reference {
  const model = internals(layersModel);
  const variables = model.trainableWeights.map(weight => weight.read()) as unknown[] as { readonly name: string }[];
  const { lossFunctions } = model;
  const given = lossOf ?? ((output: Tensor, wanted: Tensor) => mean(lossFunctions![0]!(wanted, output)));
  let reference: Reference | undefined;
  tidy(() => {
    const { value, grads } = variableGrads(() => {
      const output = layersModel.apply(inputs.length === 1 ? inputs[0]! : [...inputs], { training: true }) as Tensor;
      const penalties = (layersModel as unknown as { calculateLosses(): Scalar[] }).calculateLosses();
      return penalties.reduce<Scalar>((sum, penalty) => add(sum, penalty), given(output, labels) as Scalar);
    }, variables as never);
    const trained = new Set(model.trainableWeights);
    reference = {
      loss: value.dataSync()[0]!,
      gradients: variables.map(({ name }) => grads[name] && Float32Array.from(grads[name].dataSync())),
      others: new Map(model.weights.filter(weight => !trained.has(weight)).map(weight => [weight.name, Float32Array.from(weight.read().dataSync())])),
    };
  });
  return reference!;
}
