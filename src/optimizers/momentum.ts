/**
 * Heavy-ball momentum: v = momentum * v + u, without a factor 1 - momentum (EFCP applies it after preconditioning). The update is v,
 * or u + momentum * v with Nesterov's look-ahead, as written for deep learning by Sutskever et al. (2013).
 * Holds v, 4d bytes, while momentum is above 0, and nothing at 0.
 */
import { saturate } from '../kernels/saturate';
import type { ParameterSpace } from '../settings/parameterSpace';
import type { Transformation } from './transformation';

export type MomentumState = { readonly velocity: Float32Array | undefined };

export function applyMomentum(momentum: () => number, nesterov = () => false): Transformation<MomentumState> {
  const init = ({ dimension }: ParameterSpace): MomentumState => ({ velocity: momentum() > 0 ? new Float32Array(dimension) : undefined });
  return {
    name: 'momentum',
    init,
    update: ({ dense }, { velocity }) => {
      if (velocity === undefined) return;
      const kept = momentum();
      const ahead = nesterov();
      for (let at = 0; at < dense.length; at++) {
        const update = dense[at] ?? 0;
        velocity[at] = saturate(kept * (velocity[at] ?? 0) + update);
        dense[at] = ahead ? saturate(update + kept * (velocity[at] ?? 0)) : velocity[at] ?? 0;
      }
    },
    remap: (state, space) => (momentum() > 0) === (state.velocity !== undefined) ? state : init(space),
  };
}
