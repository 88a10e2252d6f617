/** Loops over whole vectors as tasks over stretches of them. */
import { descendIn, isFiniteIn } from '../elementwise';
import { shareOf, type Kernel } from './job';
import type { KernelsOn } from './kernelModule';
import type { VectorPlace } from './vectorMemory';

export interface FiniteBound {
  readonly vector: VectorPlace;
  /** [1], set where an entry is not finite. */
  readonly found: Int32Array;
}

export interface DescendBound {
  /** Holds u; its scratch has a tile for every thread. */
  readonly vector: VectorPlace;
  readonly start: number;
  readonly values: Float32Array;
}

/** Entries of a tile: half of the second cache. Stretches are whole tiles, or copying them would start at odd places. */
const tileLength = 16_384;
export const tileBytes = 4 * tileLength;

export function tilesIn(length: number): number {
  return Math.ceil(length / tileLength);
}

export function vectorJobs(on: KernelsOn): Readonly<Record<string, Kernel>> {
  const finite: Kernel = ({ vector: { memory, at, length }, found }: FiniteBound, _numbers, task, tasks) => {
    forTiles(length, task, tasks, (from, to, whole) => {
      const isFinite = on(memory).isFiniteIn(at + 4 * from, whole) !== 0 && (from + whole === to || isFiniteIn(new Float32Array(memory.buffer, at, length), from + whole, to));
      if (!isFinite) Atomics.store(found, 0, 1);
    });
  };

  const descend: Kernel = ({ vector: { memory, at, length, scratchAt }, start, values }: DescendBound, numbers, task, tasks, thread) => {
    const [rate = 0, decay = 0] = numbers;
    const tileAt = scratchAt + thread * tileBytes;
    forTiles(values.length, task, tasks, (from, to, whole) => {
      const tile = new Float32Array(memory.buffer, tileAt, whole);
      tile.set(values.subarray(from, from + whole));
      on(memory).descend(at + 4 * (start + from), tileAt, whole, rate, decay);
      values.set(tile, from);
      if (from + whole < to) descendIn(new Float32Array(memory.buffer, at, length), start, values, rate, decay, from + whole, to);
    });
  };

  return { finite, descend };
}

/** `whole` entries of each tile are a multiple of four, as the kernels want them; the others follow at its end. */
function forTiles(length: number, task: number, tasks: number, visit: (from: number, to: number, whole: number) => void): void {
  const [first, last] = shareOf(tilesIn(length), task, tasks);
  for (let tile = first; tile < last; tile++) {
    const from = tile * tileLength;
    const to = Math.min(from + tileLength, length);
    visit(from, to, (to - from) & ~3);
  }
}
