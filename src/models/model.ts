/** A model is a list of layers, each a pure function of its parameters and its input, so that any stretch of it can be run again. */
import type { Tensor } from '@tensorflow/tfjs-core';

export interface ParameterSpecification {
  /** Unique in the model, for example `dense1/kernel`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Standard deviation of the normal distribution that initial values are drawn from; 0 for zeros. */
  readonly deviation: number;
}

export interface Layer {
  readonly name: string;
  readonly parameters: readonly ParameterSpecification[];
  /**
   * Maps `input` [batch, ...] to the layer's output [batch, ...]. `parameters` stand in the order of their specifications.
   * `needsInputGradient` is false where nothing before the layer is trained, which saves that product.
   */
  apply(parameters: readonly Tensor[], input: Tensor, needsInputGradient: boolean): Tensor;
}

export interface Model {
  readonly name: string;
  /** Shape of one example, without the batch. */
  readonly inputShape: readonly number[];
  readonly classes: number;
  readonly layers: readonly Layer[];
}

/** All parameters in the order in which they are flattened into one vector. */
export function parametersOf(model: Model): readonly ParameterSpecification[] {
  return model.layers.flatMap(layer => layer.parameters);
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Runs all layers; `parameters` hold the tensors of all of them, in order. Returns the logits [batch, classes]. */
export function predict(model: Model, parameters: readonly Tensor[], input: Tensor): Tensor {
  let next = 0;
  return model.layers.reduce((activation, layer) => {
    const own = parameters.slice(next, next + layer.parameters.length);
    const trainedBefore = next > 0;
    next += layer.parameters.length;
    return layer.apply(own, activation, trainedBefore);
  }, input);
}
