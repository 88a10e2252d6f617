/** The same buffer under another shape: it holds nothing. `outputShape` makes of a whole shape, with its batch, the new one. */
import { reshape } from '@tensorflow/tfjs-core';
import type { Operation } from '../model';
import { present } from './onWeights';

export function reshaping(outputShape: (inputShape: readonly number[]) => readonly number[]): Operation {
  return {
    keeps: { inputs: [], output: false, extras: false },
    forward: ([x]) => ({ output: reshape(present(x), [...outputShape(present(x).shape)]) }),
    backward: (outputGradient, { inputShapes }) => ({ inputs: [reshape(outputGradient, [...present(inputShapes[0])])], parameters: [] }),
    flops: () => 0,
  };
}

/** [batch, ...] to [batch, product of the rest]. */
export function flattening(): Operation {
  return reshaping(([batch = 0, ...rest]) => [batch, rest.reduce((product, length) => product * length, 1)]);
}
