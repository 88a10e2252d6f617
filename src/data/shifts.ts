/** Random shifts of images by whole pixels: the same digits at other places, which is the cheapest way to more data. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { epochSeed } from './epochSeed';

/** Pixels downwards and to the right; negative is up and left. */
export type Shift = readonly [down: number, right: number];

/** Draws one shift after another for an epoch, each coordinate uniform from -reach to reach; the first `drawn` are passed over. */
export function drawShifts(reach: number, seed: number, epoch: number, drawn = 0): () => Shift {
  // Another stream than the one that shuffles the same epoch.
  const generator = xoroshiro128plus(~epochSeed(seed, epoch));
  const draw = (): Shift => [uniformInt(generator, -reach, reach), uniformInt(generator, -reach, reach)];
  for (let count = 0; count < drawn; count++) draw();
  return draw;
}
