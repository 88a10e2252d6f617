/** Runs one transformation on its own: gradients in, updates out. */
import type { StateTree } from '../../../src/optimizers/stateTree';
import type { Transformation } from '../../../src/optimizers/transformation';
import { parameterSpace } from '../../../src/settings/parameterSpace';
import { normalVector } from '../kernels/randomVector';

export const spaceOf = (...shapes: readonly (readonly number[])[]) => parameterSpace(shapes.map((shape, index) => ({ name: `w${index}`, shape })));

/** Reproducible random gradients of a space, one a step. */
export function gradientsOf(dimension: number, steps: number, scale = 1): Float32Array[] {
  return Array.from({ length: steps }, (_, index) => normalVector(dimension, 500 + index, scale));
}

export interface Steps<State> {
  readonly state: State;
  /** Of every step: [d] */
  readonly updates: Float32Array[];
}

/** Takes one step for each gradient, which stays as it is. */
export function run<State extends StateTree>(transformation: Transformation<State>, shapes: readonly (readonly number[])[], gradients: readonly Float32Array[]): Steps<State> {
  const state = transformation.init(spaceOf(...shapes));
  const updates = gradients.map((gradient, index) => {
    const dense = gradient.slice();
    transformation.update({ dense, kept: undefined }, state, [], index + 1);
    return dense;
  });
  return { state, updates };
}
