/**
 * Regularisation as tfjs-layers counts it: what each layer adds to the loss, once for each use of the layer, as functions of its
 * weights alone. Values and gradients are TensorFlow.js's own.
 */
import { engine, scalar, tensor, tidy, zeros, zerosLike, type Tensor } from '@tensorflow/tfjs-core';
import type { Penalty } from '../model';
import { isContainer, usesOf, type Container, type Layer, type LayerVariable } from './layersInternals';
import { lending } from './lentWeights';

/** The place of a weight among the parameters, or its values where it is not trained. */
export type WhereIs = (variable: LayerVariable) => { readonly parameter: number } | { readonly frozen: Float32Array };

export function penaltiesOf(model: Container, whereIs: WhereIs): Penalty[] {
  return usedLayers(model).flatMap(layer => layer.losses.map((loss, index) => penalty(index === 0 ? `${layer.name}/penalty` : `${layer.name}/penalty${index}`, layer, loss, whereIs)));
}

/** Each layer as often as it is used. */
function usedLayers(container: Container): Layer[] {
  return container.layers.flatMap(layer => Array.from({ length: usesOf(container, layer) }, () => (isContainer(layer) ? usedLayers(layer) : [layer])).flat());
}

function penalty(name: string, layer: Layer, loss: () => Tensor, whereIs: WhereIs): Penalty {
  const read = readBy(layer, loss);
  const places = read.map(whereIs);
  const parameters = places.flatMap(place => ('parameter' in place ? [place.parameter] : []));
  const call = (given: readonly Tensor[]) => {
    const next = given.values();
    const tensors = places.map((place, index) => ('parameter' in place ? next.next().value as Tensor : tensor(place.frozen, [...(read[index] as LayerVariable).shape])));
    return lending(read, tensors, loss).result;
  };
  return {
    name,
    parameters,
    value: given => tidy(() => call(given)),
    gradients: (given, scale) => tidy(() => {
      if (given.length === 0) return [];
      const { grads } = engine().gradients(() => call(given), [...given], scalar(scale), true);
      return given.map((parameter, index) => (grads as (Tensor | undefined)[])[index] ?? zerosLike(parameter));
    }),
  };
}

/** Which weights a term of the loss depends on. */
function readBy(layer: Layer, loss: () => Tensor): LayerVariable[] {
  let read: LayerVariable[] = [];
  tidy(() => {
    const { wasRead } = lending(layer.weights, layer.weights.map(({ shape }) => zeros([...shape])), loss);
    read = layer.weights.filter((_, index) => wasRead[index]);
  });
  return read;
}
