/** Own modules, and the initialisers of layers that were given no seed, draw through Math.random: the run's seed decides what. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Waits for `body` with a Math.random that the seed decides, so that a run that goes on finds the same model and data again. */
export async function withSeededRandomness<Result>(seed: number, body: () => Result | Promise<Result>): Promise<Result> {
  const { random } = Math;
  const generator = xoroshiro128plus(seed);
  Math.random = () => uniformFloat64(generator);
  try {
    return await body();
  } finally {
    Math.random = random;
  }
}
