/**
 * Inverted dropout (arXiv 1207.0580): y = x * m, with m = 1 / (1 - rate) where an entry stays and 0 where it is dropped, as tf.dropout
 * makes it. Keeps nothing: the mask is drawn anew from the pass's seed when the gradient needs it.
 */
import { clone, dropout as stockDropout, type Tensor } from '@tensorflow/tfjs-core';
import { sizeOf, type Operation } from '../model';
import { present } from './onWeights';

export interface DropoutOptions {
  readonly rate: number;
  /** Shape of the mask, null for the length of x. */
  readonly noiseShape?: readonly (number | null)[];
  /** The same mask in every step; by default each pass has one of its own. */
  readonly seed?: number;
}

export function dropout({ rate, noiseShape, seed }: DropoutOptions): Operation {
  const dropped = (x: Tensor, passSeed: number) => {
    const shape = noiseShape?.map((length, dimension) => length ?? present(x.shape[dimension]));
    return stockDropout(x, rate, shape, seed ?? passSeed);
  };
  return {
    keeps: { inputs: [], output: false, extras: false },
    forward: ([x], _, pass) => ({ output: pass.training && rate > 0 ? dropped(present(x), pass.seed) : clone(present(x)) }),
    // y is x times the mask, and so is dx of dy.
    backward: (outputGradient, { seed: passSeed }) => ({ inputs: [rate > 0 ? dropped(outputGradient, passSeed) : outputGradient], parameters: [] }),
    flops: (_, output) => sizeOf(output),
  };
}
