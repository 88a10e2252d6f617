/** Tensors that somebody else holds, as the weights of a model without buffers. */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Weights } from './weights';

export function lentTensors(parameters: readonly Tensor[]): Weights {
  return {
    lend: (places, use) => use(places.map(place => parameters[place] as Tensor)),
    buffers: [],
    replaceBuffers: () => { throw new Error('These weights have no buffers that could be replaced.'); },
  };
}
