/**
 * Inverted dropout (arXiv 1207.0580): y = x * m, with m = 1 / (1 - rate) where an entry stays and 0 where it is dropped. Keeps nothing:
 * the mask is drawn anew from the pass's seed when the gradient needs it. Drawn by a kernel of the backend's where it has one, else as
 * tf.dropout does.
 */
import { clone, dropout as stockDropout, type Tensor } from '@tensorflow/tfjs-core';
import { dropoutName, ownKernel } from '../../backends/ownKernel';
import { sizeOf, type Operation } from '../model';
import { present } from './onWeights';

export interface DropoutOptions {
  readonly rate: number;
  /** Shape of the mask, null for the length of x. */
  readonly noiseShape?: readonly (number | null)[];
  /** The same mask in every step, TensorFlow.js's own; by default each pass has one of its own. */
  readonly seed?: number;
}

export function dropout({ rate, noiseShape, seed }: DropoutOptions): Operation {
  const dropped = (x: Tensor, passSeed: number) => {
    if (noiseShape === undefined && seed === undefined) return thinned(x, rate, passSeed);
    return stockDropout(x, rate, noiseShape?.map((length, dimension) => length ?? present(x.shape[dimension])), seed ?? passSeed);
  };
  return {
    keeps: { inputs: [], output: false, extras: false },
    forward: ([x], _, pass) => ({ output: pass.training && rate > 0 ? dropped(present(x), pass.seed) : clone(present(x)) }),
    // y is x times the mask, and so is dx of dy.
    backward: (outputGradient, { seed: passSeed }) => ({ inputs: [rate > 0 ? dropped(outputGradient, passSeed) : outputGradient], parameters: [] }),
    flops: (_, output) => sizeOf(output),
  };
}

/** x times a mask that follows from the seed; without one, drawn by TensorFlow.js, which can differentiate it. */
export function thinned(x: Tensor, rate: number, seed: number | undefined): Tensor {
  if (rate === 0) return x;
  return (seed === undefined ? undefined : ownKernel(dropoutName, { x }, { rate, seed }) as Tensor | undefined) ?? stockDropout(x, rate, undefined, seed);
}
