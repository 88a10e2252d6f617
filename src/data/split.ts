/** Seeded order of examples: the split into training and validation, and each epoch's shuffle. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { epochSeed } from './epochSeed';

export interface Split {
  /** Numbers of the examples; together every example once. */
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
}

/** What the files bring for validation, or else a part of the examples that is drawn by seed. */
export function splitOf({ examples, ownValidation }: { readonly examples: number; readonly ownValidation: number }, validationFraction: number, seed: number): Split {
  if (ownValidation === 0) return splitExamples(examples, validationFraction, seed);
  const order = Uint32Array.from({ length: examples }, (_, index) => index);
  return { train: order.slice(0, examples - ownValidation), validation: order.slice(examples - ownValidation) };
}

/** At least one example on each side. */
export function splitExamples(examples: number, validationFraction: number, seed: number): Split {
  const order = shuffled(Uint32Array.from({ length: examples }, (_, index) => index), seed);
  const held = Math.min(examples - 1, Math.max(1, Math.round(examples * validationFraction)));
  return { train: order.slice(held), validation: order.slice(0, held) };
}

/** Order of the training examples in one epoch, counted from 0. */
export function epochOrder(train: Uint32Array, seed: number, epoch: number): Uint32Array {
  return shuffled(train, epochSeed(seed, epoch));
}

/** Fisher-Yates on a copy. */
function shuffled(values: Uint32Array, seed: number): Uint32Array {
  const generator = xoroshiro128plus(seed);
  const order = values.slice();
  for (let last = order.length - 1; last > 0; last--) {
    const chosen = uniformInt(generator, 0, last);
    const moved = order[last] ?? 0;
    order[last] = order[chosen] ?? 0;
    order[chosen] = moved;
  }
  return order;
}
