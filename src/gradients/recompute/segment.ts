/** A stretch of a model's nodes, [from, to), whose activations are kept for the backward pass, or computed again in it. */
import type { Model } from '../../models/model';

export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly recompute: boolean;
}

/** One stretch, and all of it kept. */
export function keepAll({ nodes }: Pick<Model, 'nodes'>): readonly Segment[] {
  return [{ from: 0, to: nodes.length, recompute: false }];
}
