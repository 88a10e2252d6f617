/**
 * How many weights grow in each tensor (arXiv 1902.05967, algorithm 1): of the K that were pruned, in proportion to the survivors
 * R_l,
 *
 *   G_l = round(K R_l / sum R)
 *
 * and what rounding leaves over, or took too much, goes to one random tensor. What a tensor has no room for is shared out again in
 * the same way among those that have.
 */
import type { Draw } from './sample';

export interface Growing {
  /** Weights that survived pruning, at least 1. */
  readonly survivors: number;
  /** Places where one can grow. */
  readonly room: number;
}

/** By place among the tensors. Their sum is `pruned`, or all room there is where that is less. */
export function shareOut(pruned: number, tensors: readonly Growing[], draw: Draw): number[] {
  const grown = tensors.map(() => 0);
  const roomOf = (at: number) => (tensors[at]?.room ?? 0) - (grown[at] ?? 0);
  for (let left = pruned; left > 0;) {
    const open = tensors.flatMap((_, at) => roomOf(at) > 0 ? [at] : []);
    if (open.length === 0) break;
    const shares = proportional(left, open.map(at => tensors[at]?.survivors ?? 0), draw);
    open.forEach((at, place) => {
      const taken = Math.min(shares[place] ?? 0, roomOf(at), left);
      grown[at] = (grown[at] ?? 0) + taken;
      left -= taken;
    });
  }
  return grown;
}

function proportional(count: number, weights: readonly number[], draw: Draw): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const shares = weights.map(weight => Math.round(count * weight / sum));
  const difference = count - shares.reduce((total, share) => total + share, 0);
  const lucky = draw(shares.length);
  shares[lucky] = Math.max(0, (shares[lucky] ?? 0) + difference);
  return shares;
}
