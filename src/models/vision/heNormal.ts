/**
 * He's initialisation (arXiv 1502.01852) from a seed: normal deviates of deviation sqrt(2 / fan in), drawn by Box and Muller from a
 * generator of our own, so that a seed gives the same weights on every backend. fan in = all lengths of a shape but the last.
 */
import { tensor, type Tensor } from '@tensorflow/tfjs-core';
import { initializers } from '@tensorflow/tfjs-layers';
import { initialValues } from '../initialize';
import { sizeOf } from '../model';
import { undrawn, type Initializer } from '../undrawn';

/** Initialisers for layer after layer of one model: each takes the next seed, after so many that are left out. Without a seed nothing is drawn. */
export function heNormals(seed: number | null, gain = 2, leftOut = 0): () => Initializer {
  if (seed === null) return undrawn;
  let next = seed + leftOut;
  return () => {
    const own = next++;
    const initializer = initializers.zeros();
    initializer.apply = (shape): Tensor => {
      const lengths = shape as number[];
      const [values = new Float32Array()] = initialValues([{ name: 'weight', shape: lengths, deviation: Math.sqrt(gain / sizeOf(lengths.slice(0, -1))) }], own);
      return tensor(values, lengths);
    };
    return initializer;
  };
}
