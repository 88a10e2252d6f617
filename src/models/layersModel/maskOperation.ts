/** The mask that a layer makes of its inputs and of their masks: a value like any other, without a gradient. */
import { clone, type Tensor } from '@tensorflow/tfjs-core';
import type { Operation } from '../model';
import { present } from '../operations/onWeights';
import type { Layer } from './layersInternals';

/** Inputs: those of the layer, then the masks of those that have one. */
export function maskOperation(layer: Layer, masked: readonly boolean[]): Operation {
  return {
    keeps: { inputs: [], output: false, extras: false },
    forward(inputs) {
      const values = inputs.slice(0, masked.length);
      const next = inputs.slice(masked.length).values();
      const mask = firstMask(layer.computeMask(values, masked.map(isMasked => (isMasked ? present(next.next().value) : null))));
      if (mask === null) throw new Error(`The layer ${layer.name} makes a mask of some inputs and none of others.`);
      return { output: inputs.includes(mask) ? clone(mask) : mask };
    },
    backward: (_, { inputShapes }) => ({ inputs: inputShapes.map(() => undefined), parameters: [] }),
    flops: () => 0,
  };
}

/** A layer with several outputs may make a mask of each; tfjs-layers takes the first for all. */
export function firstMask(made: ReturnType<Layer['computeMask']>): Tensor | null {
  if (made === null || 'dataId' in made) return made;
  return made[0] ?? null;
}
