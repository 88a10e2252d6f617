/**
 * Random moves of images by whole pixels, and mirroring: the same pictures at other places, which is the cheapest way to more data.
 * A move by up to r pixels either way is what is known as padding by r and cropping at random.
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { epochSeed } from './epochSeed';

/** Pixels downwards and to the right, negative is up and left; then whether left and right change places. */
export type Move = readonly [down: number, right: number, mirrored?: boolean];

export interface Augmentation {
  /** Pixels that an image moves by at most, in each direction. */
  readonly reach: number;
  /** Whether half of the images are mirrored. */
  readonly mirror: boolean;
}

export const noAugmentation: Augmentation = { reach: 0, mirror: false };

/** What is usual for a data set; images move by as much as is asked for, where anything is. */
export function augmentationOf({ augmentation }: { readonly augmentation: Augmentation }, shift: number): Augmentation {
  return shift > 0 ? { ...augmentation, reach: shift } : augmentation;
}

/**
 * Draws one move after another for an epoch, each coordinate uniform from -reach to reach; the first `drawn` are passed over. So
 * what an example gets follows from the seed, the epoch and its place in the epoch alone, however the epoch is cut into batches.
 */
export function drawMoves({ reach, mirror }: Augmentation, seed: number, epoch: number, drawn = 0): () => Move {
  // Another stream than the one that shuffles the same epoch.
  const generator = xoroshiro128plus(~epochSeed(seed, epoch));
  const draw = (): Move => {
    const [down, right] = [uniformInt(generator, -reach, reach), uniformInt(generator, -reach, reach)];
    return mirror ? [down, right, uniformInt(generator, 0, 1) === 1] : [down, right];
  };
  for (let count = 0; count < drawn; count++) draw();
  return draw;
}
