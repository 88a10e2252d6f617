/** Random shifts of images by whole pixels: the same digits at other places, which is the cheapest way to more data. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { epochSeed } from './epochSeed';

/** Pixels downwards and to the right; negative is up and left. */
export type Shift = readonly [down: number, right: number];

/** Draws one shift after another for an epoch, each coordinate uniform from -reach to reach. */
export function drawShifts(reach: number, seed: number, epoch: number): () => Shift {
  // Another stream than the one that shuffles the same epoch.
  const generator = xoroshiro128plus(~epochSeed(seed, epoch));
  return () => [uniformInt(generator, -reach, reach), uniformInt(generator, -reach, reach)];
}
