/** m [batch, length] = 1 where there is a token and 0 where there is padding, float32, of token numbers [batch, length]. Keeps nothing and has no gradient. */
import { cast, notEqual, scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { Operation } from '../model';
import { present } from './onWeights';

/** The number that fills the examples of a batch up to the length of the longest. */
export const padding = 0;

export function paddingMask(): Operation {
  return {
    keeps: { inputs: [], output: false, extras: false },
    forward: ([tokens]) => ({ output: maskOf(present(tokens)) }),
    backward: () => ({ inputs: [undefined], parameters: [] }),
    flops: () => 0,
  };
}

export function maskOf(tokens: Tensor): Tensor {
  return cast(notEqual(tokens, scalar(padding, tokens.dtype)), 'float32');
}
