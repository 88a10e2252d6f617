/** Loops over whole vectors as tasks over stretches of them, a tile at a time. */
import { descendIn, isFiniteIn } from '../elementwise';
import { shareOf, type Kernel } from './job';
import type { ThreadMemory } from './threadMemory';

export interface FiniteBound {
  readonly vector: Float32Array;
  /** [1], set where an entry is not finite. */
  readonly found: Int32Array;
}

export interface DescendBound {
  readonly vector: Float32Array;
  readonly start: number;
  readonly values: Float32Array;
}

/** Entries of a tile: two of them fit the second cache. */
const tileLength = 16_384;

export function vectorJobs({ kernels, memory }: ThreadMemory): Readonly<Record<string, Kernel>> {
  const own = () => memory(2 * 4 * tileLength);

  const finite: Kernel = ({ vector, found }: FiniteBound, _numbers, task, tasks) => {
    const { buffer } = own();
    forTiles(shareOf(vector.length, task, tasks), (from, to, whole) => {
      new Float32Array(buffer, 0, whole).set(vector.subarray(from, from + whole));
      if (kernels(own()).isFiniteIn(0, whole) === 0 || !isFiniteIn(vector, from + whole, to)) Atomics.store(found, 0, 1);
    });
  };

  const descend: Kernel = ({ vector, start, values }: DescendBound, numbers, task, tasks) => {
    const { buffer } = own();
    const [rate, decay] = [numbers[0] ?? 0, numbers[1] ?? 0];
    forTiles(shareOf(values.length, task, tasks), (from, to, whole) => {
      const [u, theta] = [new Float32Array(buffer, 0, whole), new Float32Array(buffer, 4 * tileLength, whole)];
      u.set(vector.subarray(start + from, start + from + whole));
      theta.set(values.subarray(from, from + whole));
      kernels(own()).descend(0, 4 * tileLength, whole, rate, decay);
      vector.set(u, start + from);
      values.set(theta, from);
      descendIn(vector, start, values, rate, decay, from + whole, to);
    });
  };

  return { finite, descend };
}

/** `whole` entries of each tile are a multiple of four, as the kernels want them; the others follow at its end. */
function forTiles([first, last]: [number, number], visit: (from: number, to: number, whole: number) => void): void {
  for (let from = first; from < last; from += tileLength) {
    const to = Math.min(from + tileLength, last);
    visit(from, to, (to - from) & ~3);
  }
}
