/**
 * Initial weights of a model's layers from a seed, by a generator of our own, so that a seed gives the same weights on every backend.
 * Each initialiser that is asked for draws from a stream of its own.
 */
import { tensor, type Tensor } from '@tensorflow/tfjs-core';
import { initializers } from '@tensorflow/tfjs-layers';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { initialValues } from '../initialize';
import { sizeOf } from '../model';
import { undrawn, type Initializer } from '../undrawn';

export class SeededInitializers {
  private drawn = 0;

  /** Without a seed nothing is drawn: for whoever asks only how large they are. */
  constructor(private readonly seed: number | null) {}

  /** Normal deviates. */
  normal(deviation: number): Initializer {
    return this.drawing((shape, seed) => initialValues([{ name: 'weight', shape, deviation }], seed)[0] ?? new Float32Array());
  }

  /** Glorot and Bengio's uniform distribution ("Understanding the difficulty of training deep feedforward neural networks", 2010): within gain * sqrt(6 / (inputs + outputs)) of zero. */
  glorotUniform(gain = 1): Initializer {
    return this.uniform(([inputs = 0, outputs = 0]) => gain * Math.sqrt(6 / (inputs + outputs)));
  }

  /** Within 1 / sqrt(inputs) of zero. */
  fanInUniform(): Initializer {
    return this.uniform(([inputs = 0]) => 1 / Math.sqrt(inputs));
  }

  private uniform(limitOf: (shape: readonly number[]) => number): Initializer {
    return this.drawing((shape, seed) => {
      const limit = limitOf(shape);
      const generator = xoroshiro128plus(seed);
      return new Float32Array(sizeOf(shape)).map(() => limit * (2 * uniformFloat64(generator) - 1));
    });
  }

  private drawing(values: (shape: readonly number[], seed: number) => Float32Array): Initializer {
    const { seed } = this;
    if (seed === null) return undrawn();
    const own = (seed + Math.imul(++this.drawn, 0x9e3779b1)) | 0;
    const initializer = initializers.zeros();
    initializer.apply = (shape): Tensor => tensor(values(shape as number[], own), shape as number[]);
    return initializer;
  }
}
