/** TensorFlow.js variables as the parameters of an optimizer: values copied once in and once out, by name, in a fixed order. */
import { engine, tensor, tidy, type NamedTensorMap, type Optimizer, type Tensor, type Variable } from '@tensorflow/tfjs-core';
import type { Shaped } from '../settings/parameterSpace';
import type { ParameterView } from './transformation';

/** What a tf.Optimizer is given gradients and weights as. */
export type NamedTensor = Awaited<ReturnType<Optimizer['getWeights']>>[number];

/** A variable without a gradient stands there too, with none. */
export type NamedGradients = ReadonlyMap<string, Tensor | null | undefined>;

export function namedGradients(given: NamedTensorMap | readonly NamedTensor[]): NamedGradients {
  return new Map(isList(given) ? given.map(({ name, tensor }) => [name, tensor]) : Object.entries(given));
}

function isList(given: NamedTensorMap | readonly NamedTensor[]): given is readonly NamedTensor[] {
  return Array.isArray(given);
}

export function variableNamed(name: string): Variable {
  const variable = engine().registeredVariables[name];
  if (variable === undefined) throw new Error(`There is no variable "${name}": it was disposed of, or belongs to another copy of TensorFlow.js. Pass gradients of variables that exist.`);
  if (variable.dtype !== 'float32') throw new Error(`The variable "${name}" is of dtype ${variable.dtype}, but only float32 can be trained. Create it as float32, or with trainable false.`);
  return variable;
}

/** The variables that gradients are of, without those that are not to be trained. */
export function trainable(gradients: NamedGradients): Shaped[] {
  return [...gradients.keys()].map(variableNamed).filter(variable => variable.trainable).map(({ name, shape }) => ({ name, shape }));
}

/** `vector` [d] becomes all gradients in the order of `tensors`, zero where there is none. */
export function gatherGradients(gradients: NamedGradients, tensors: readonly Shaped[], vector: Float32Array): void {
  let start = 0;
  for (const { name, shape } of tensors) {
    const length = shape.reduce((product, side) => product * side, 1);
    const gradient = gradients.get(name);
    if (gradient === null || gradient === undefined) vector.fill(0, start, start + length);
    else if (gradient.size === length) vector.set(gradient.dataSync(), start);
    else throw new Error(`The gradient of "${name}" has the shape [${gradient.shape.join(', ')}], but the variable has [${shape.join(', ')}]. Pass a gradient of the variable's shape.`);
    start += length;
  }
}

/** Copies of the present values, so that nothing is changed until they are all assigned. */
export function valuesOf(tensors: readonly Shaped[]): ParameterView[] {
  return tensors.map(({ name, shape }) => ({ name, shape, values: Float32Array.from(variableNamed(name).dataSync()) }));
}

/** A variable that was frozen meanwhile stays as it is. */
export function assign(parameters: readonly ParameterView[]): void {
  tidy(() => {
    for (const { name, shape, values } of parameters) {
      const variable = variableNamed(name);
      if (variable.trainable) variable.assign(tensor(values, [...shape]));
    }
  });
}
