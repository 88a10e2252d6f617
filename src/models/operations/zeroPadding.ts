/** Zeros around x, `paddings` [before, after] for each dimension. Keeps nothing: the gradient is the inner part of the output's. */
import { pad, slice } from '@tensorflow/tfjs-core';
import type { Operation } from '../model';
import { present } from './onWeights';

export function zeroPadding(paddings: readonly (readonly [number, number])[]): Operation {
  return {
    keeps: { inputs: [], output: false, extras: false },
    forward: ([x]) => ({ output: pad(present(x), paddings.map(([before, after]) => [before, after])) }),
    backward: (outputGradient, { inputShapes }) => ({ inputs: [slice(outputGradient, paddings.map(([before]) => before), [...present(inputShapes[0])])], parameters: [] }),
    flops: () => 0,
  };
}
