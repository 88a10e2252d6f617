/**
 * When sparse weights are rewired, and what follows the new masks: every so many steps, for a fraction of the run, with a threshold that
 * starts at 0.001 (../sparsity/rewire.ts).
 */
import type { Settings } from '../settings/knobs';
import { rewire, nextThreshold } from '../sparsity/rewire';
import { drawsOf } from '../sparsity/sample';
import { createIndex, positionsOf } from '../sparsity/sparseIndex';
import { layoutOf, type PackedLayout } from './packedLayout';

export type RewiringSettings = Pick<Settings, 'rewireEvery' | 'rewireUntil' | 'rewireFraction' | 'seed'>;

const initialThreshold = 1e-3;

export interface Moved {
  readonly layout: PackedLayout;
  /** By stored entry: which it was before, or -1 where it has grown. */
  readonly moves: Int32Array;
  readonly pruned: number;
  readonly threshold: number;
}

export class Rewiring {
  /** Saved with the run. */
  readonly state = { threshold: initialThreshold };

  constructor(private readonly settings: RewiringSettings, private readonly totalSteps: number | undefined) {}

  isDue(step: number): boolean {
    const { rewireEvery, rewireUntil } = this.settings;
    return step % rewireEvery === 0 && step <= rewireUntil * (this.totalSteps ?? Infinity);
  }

  /** `read` copies entries of the stored vector. */
  rewire(layout: PackedLayout, step: number, read: (from: number, values: Float32Array) => void): Moved {
    const places = layout.tensors.flatMap((place, at) => place.index === undefined ? [] : [{ ...place, at, index: place.index }]);
    const { threshold } = this.state;
    const rewired = rewire(places.map(({ start, count, length, index }) => {
      const magnitudes = new Float32Array(count);
      read(start, magnitudes);
      for (let at = 0; at < count; at++) magnitudes[at] = Math.abs(magnitudes[at] ?? 0);
      return { length, positions: positionsOf(index, count), magnitudes };
    }), threshold, drawsOf(this.settings.seed, step));
    const indexes = layout.tensors.map(({ index }) => index);
    const origins = new Map<number, Int32Array>();
    rewired.forEach((tensor, at) => {
      const place = places[at];
      if (place === undefined) return;
      indexes[place.at] = createIndex(tensor.positions, place.length);
      origins.set(place.at, tensor.origins);
    });
    const pruned = rewired.reduce((sum, tensor) => sum + tensor.pruned, 0);
    this.state.threshold = nextThreshold(threshold, pruned, this.settings.rewireFraction * places.reduce((sum, { count }) => sum + count, 0));
    const next = layoutOf(layout.tensors, indexes);
    return { layout: next, moves: movesBetween(layout, next, origins), pruned, threshold };
  }
}

function movesBetween(before: PackedLayout, after: PackedLayout, origins: ReadonlyMap<number, Int32Array>): Int32Array {
  const moves = new Int32Array(after.length);
  after.tensors.forEach(({ start, count }, tensor) => {
    const from = before.tensors[tensor]?.start ?? 0;
    const places = origins.get(tensor);
    for (let at = 0; at < count; at++) {
      const origin = places === undefined ? at : places[at] ?? -1;
      moves[start + at] = origin < 0 ? -1 : from + origin;
    }
  });
  return moves;
}
