/**
 * Dynamic sparse reparameterization (arXiv 1902.05967, algorithm 1): weights whose magnitude is below a threshold H are pruned, and
 * as many grow elsewhere, at places drawn uniformly among the zeros that were not pruned just now. A tensor keeps at least its
 * largest weight. H is one for all tensors and follows what it prunes: of a target of N it halves where more than 1.1 N were pruned
 * and doubles where fewer than 0.9 N were. The number of non-zeros stays.
 *
 * Only where the zeros do not suffice, which takes a density above one half, some of what was pruned grows again, from zero.
 */
import { shareOut, type Growing } from './regrowth';
import { distinct, type Draw } from './sample';

export interface SparseTensor {
  readonly length: number;
  /** Ascending. */
  readonly positions: Uint32Array;
  /** By place among the positions. */
  readonly magnitudes: Float32Array;
}

export interface Rewired {
  readonly positions: Uint32Array;
  /** By place among the new positions: the place that each had before, or -1 for those that have grown. */
  readonly origins: Int32Array;
  readonly pruned: number;
}

export function rewire(tensors: readonly SparseTensor[], threshold: number, draw: Draw): readonly Rewired[] {
  const survivors = tensors.map(({ magnitudes }) => surviving(magnitudes, threshold));
  const prunedOf = (at: number) => (tensors[at]?.positions.length ?? 0) - (survivors[at]?.length ?? 0);
  const pruned = tensors.reduce((sum, _, at) => sum + prunedOf(at), 0);
  const growing = (roomOf: (at: number) => number): Growing[] => tensors.map((_, at) => ({ survivors: survivors[at]?.length ?? 0, room: roomOf(at) }));
  const fresh = shareOut(pruned, growing(at => (tensors[at]?.length ?? 0) - (tensors[at]?.positions.length ?? 0)), draw);
  const again = shareOut(pruned - fresh.reduce((sum, count) => sum + count, 0), growing(prunedOf), draw);
  return tensors.map((tensor, at) => {
    const places = survivors[at] ?? new Uint32Array();
    const grown = [freshPositions(tensor, fresh[at] ?? 0, draw), prunedPositions(tensor, places, again[at] ?? 0, draw)];
    return { ...merged(tensor, places, Uint32Array.from(grown.flatMap(positions => [...positions])).sort()), pruned: prunedOf(at) };
  });
}

/** The threshold for the next rewiring. */
export function nextThreshold(threshold: number, pruned: number, target: number): number {
  return pruned > 1.1 * target ? threshold / 2 : pruned < 0.9 * target ? 2 * threshold : threshold;
}

/** Places of the weights that stay. */
function surviving(magnitudes: Float32Array, threshold: number): Uint32Array {
  const places = new Uint32Array(magnitudes.length);
  let count = 0;
  let largest = 0;
  for (let at = 0; at < magnitudes.length; at++) {
    if ((magnitudes[at] ?? 0) >= threshold) places[count++] = at;
    if ((magnitudes[at] ?? 0) > (magnitudes[largest] ?? 0)) largest = at;
  }
  return count > 0 || magnitudes.length === 0 ? places.slice(0, count) : Uint32Array.of(largest);
}

/** Positions that were zero before, ascending: a zero's rank among the zeros is its position less the non-zeros in front of it. */
function freshPositions({ length, positions }: SparseTensor, count: number, draw: Draw): Uint32Array {
  let before = 0;
  return distinct(count, length - positions.length, draw).map(rank => {
    while (before < positions.length && (positions[before] ?? 0) <= rank + before) before++;
    return rank + before;
  });
}

function prunedPositions({ positions }: SparseTensor, survivors: Uint32Array, count: number, draw: Draw): Uint32Array {
  if (count === 0) return new Uint32Array();
  const staying = new Set(survivors);
  const pruned = positions.filter((_, place) => !staying.has(place));
  return distinct(count, pruned.length, draw).map(rank => pruned[rank] ?? 0);
}

function merged({ positions }: SparseTensor, survivors: Uint32Array, grown: Uint32Array): Pick<Rewired, 'positions' | 'origins'> {
  const count = survivors.length + grown.length;
  const [joined, origins] = [new Uint32Array(count), new Int32Array(count)];
  for (let at = 0, kept = 0, next = 0; at < count; at++) {
    const place = survivors[kept] ?? 0;
    const isKept = next >= grown.length || (kept < survivors.length && (positions[place] ?? 0) < (grown[next] ?? 0));
    joined[at] = isKept ? positions[place] ?? 0 : grown[next] ?? 0;
    origins[at] = isKept ? place : -1;
    if (isKept) kept++;
    else next++;
  }
  return { positions: joined, origins };
}
