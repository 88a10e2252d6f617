/** Layers that draw random numbers do so through Math.random, directly or by way of TensorFlow.js's generators without a seed. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Calls `body`, which must not wait, with a Math.random that the seed decides: a repeated pass draws the same numbers. */
export function withSeededRandom<Result>(seed: number, body: () => Result): Result {
  const { random } = Math;
  const generator = xoroshiro128plus(seed);
  Math.random = () => uniformFloat64(generator);
  try {
    return body();
  } finally {
    Math.random = random;
  }
}
