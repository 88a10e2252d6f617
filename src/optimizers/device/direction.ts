/**
 * The optimizer's chain on tensors: how a gradient [d] becomes updates u [d]. A step comes in two halves, because a number can
 * be read back from a device only by waiting: the first proposes and leaves the state as it is, the second, which has the
 * numbers, makes the proposal the state. So a gradient that turns out not to be finite has touched nothing.
 */
import { engine, keep, type Tensor } from '@tensorflow/tfjs-core';
import type { StatePart } from '../../settings/stateBytes';
import type { StateTree } from '../stateTree';

export interface Proposal {
  /** What is to be read back. */
  readonly parts: readonly Tensor[];
  /** Kept until the second half is over, then disposed of by whoever asked for the proposal. */
  readonly tensors: readonly Tensor[];
  /** Takes what `parts` held, one after the other; the updates [d]. */
  readonly accept: (numbers: Float32Array) => Tensor;
}

export type DeviceState = Readonly<Partial<Record<StatePart, readonly Tensor[]>>>;

export interface Direction {
  /** `gradient` [d] must live until the proposal has been accepted. */
  propose(gradient: Tensor, step: number): Proposal;
  /** Follows settings that have changed, history kept. When it throws, nothing has changed. */
  reshape(): Promise<void>;
  /** What is held on the device, and what beside it on the host. */
  state(): DeviceState;
  hostState(): StateTree;
}

/** Runs `body`, and disposes of every tensor that it made and did not keep. */
export function tidied<Result>(body: () => Result): Result {
  engine().startScope();
  try {
    return body();
  } finally {
    engine().endScope();
  }
}

/** `next`, which lives on, in place of `last`. */
export function replaced(last: Tensor | undefined, next: Tensor): Tensor {
  keep(next);
  last?.dispose();
  return next;
}
