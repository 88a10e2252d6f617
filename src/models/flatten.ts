/** [batch, ...] to [batch, product of the rest]. The same buffer under another shape: it holds nothing. */
import { reshape } from '@tensorflow/tfjs-core';
import type { Layer } from './model';
import { operation } from './operation';

export function flatten(name: string): Layer {
  return {
    name,
    parameters: [],
    apply(_, input) {
      const { shape } = input;
      return operation({ input }, () => reshape(input, [shape[0], -1]), outputGradient => ({ input: () => reshape(outputGradient, shape) }));
    },
  };
}
