/** Seeded draws for masks: every rewiring has a generator of its own, made from seed and step, so that none has to be saved. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A whole number from 0 to below `limit`, all equally likely. */
export type Draw = (limit: number) => number;

const warmUp = 32;

/** `step` 0 makes the initial masks. */
export function drawsOf(seed: number, step: number): Draw {
  const generator = xoroshiro128plus((seed ^ Math.imul(step + 1, 0x9e3779b1)) | 0);
  // The first numbers of neighbouring seeds are alike: the seed fills a part of the state only.
  for (let count = 0; count < warmUp; count++) generator.next();
  return limit => Math.floor(limit * uniformFloat64(generator));
}

/** `count` different whole numbers below `limit`, ascending, every set of them equally likely. */
export function distinct(count: number, limit: number, draw: Draw): Uint32Array {
  return 16 * count > limit ? byWalking(count, limit, draw) : byDrawing(count, limit, draw);
}

/** Selection sampling (Knuth, The Art of Computer Programming, volume 2, algorithm 3.4.2 S): a draw for every number. */
function byWalking(count: number, limit: number, draw: Draw): Uint32Array {
  const chosen = new Uint32Array(count);
  for (let at = 0, done = 0; done < count; at++) if (draw(limit - at) < count - done) chosen[done++] = at;
  return chosen;
}

/** Floyd's sampling (Bentley, Communications of the ACM 30, 1987): a draw for every number that is chosen. */
function byDrawing(count: number, limit: number, draw: Draw): Uint32Array {
  const chosen = new Set<number>();
  for (let top = limit - count; top < limit; top++) {
    const at = draw(top + 1);
    chosen.add(chosen.has(at) ? top : at);
  }
  return Uint32Array.from(chosen).sort();
}
