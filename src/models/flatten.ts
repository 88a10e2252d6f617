/** [batch, ...] to [batch, product of the rest]. The same buffer under another shape: it holds nothing. */
import { reshape, type Tensor } from '@tensorflow/tfjs-core';
import type { Layer } from './chain';

export function flatten(name: string): Layer {
  return {
    name,
    parameters: [],
    operation: {
      keeps: { inputs: [], output: false, extras: false },
      forward: ([input]) => ({ output: reshape(input as Tensor, [(input as Tensor).shape[0], -1]) }),
      backward: (dy, { inputShapes: [shape = []] }) => ({ inputs: [reshape(dy, [...shape])], parameters: [] }),
    },
  };
}
