/**
 * Heavy-ball momentum: v = momentum * v + u, without a factor 1 - momentum (EFCP applies it after preconditioning).
 * Holds v, 4d bytes, while momentum is above 0, and nothing at 0.
 */
import { saturate } from '../kernels/saturate';
import type { ParameterSpace } from '../settings/parameterSpace';
import type { Transformation } from './transformation';

export type MomentumState = { readonly velocity: Float32Array | undefined };

export function applyMomentum(momentum: () => number): Transformation<MomentumState> {
  const init = ({ dimension }: ParameterSpace): MomentumState => ({ velocity: momentum() > 0 ? new Float32Array(dimension) : undefined });
  return {
    name: 'momentum',
    init,
    update: ({ dense }, { velocity }) => {
      if (velocity === undefined) return;
      const kept = momentum();
      for (let at = 0; at < dense.length; at++) velocity[at] = saturate(kept * (velocity[at] ?? 0) + (dense[at] ?? 0));
      dense.set(velocity);
    },
    remap: (state, space) => (momentum() > 0) === (state.velocity !== undefined) ? state : init(space),
  };
}
