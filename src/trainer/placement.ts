/**
 * Where an optimizer's state lies during a run, as the stepper sees it: on the host (hostPlacement.ts) or in tensors of the
 * backend (devicePlacement.ts). A placement brings gradients to the state and the updates to the parameters, and states to the
 * ledger what it holds.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { SavedState } from '../optimizers/savedState';
import type { StateTree } from '../optimizers/stateTree';
import type { ParameterView } from '../optimizers/transformation';
import type { DiagnosticsSample } from '../protocol/diagnostics';
import type { LiveSettings, Settings } from '../settings/knobs';
import type { StateBytes } from '../settings/stateBytes';
import type { Watch } from './diagnostics';

export interface Placement {
  /** Takes in the gradient of one parameter, which dies when this returns. */
  collect(parameter: number, gradient: Tensor): void;
  /**
   * Takes a step by the gradients of all parameters, collected since the last; `step` counts from 1. Rewrites the tensors of
   * `parameters` or replaces them, disposing of the old. When it throws or rejects, neither parameters nor state have changed.
   */
  update(parameters: Tensor[], step: number, watch?: Watch): Promise<DiagnosticsSample | undefined>;
  /** How to measure the next step: undefined where it is not to be measured, or cannot be. */
  watch(settings: Settings): Watch | undefined;
  /** Applies live settings, history kept. When it throws or rejects, nothing has changed. */
  change(settings: Partial<LiveSettings>): Promise<void>;
  /** Bytes of every part of the state that are really held, wherever they lie. */
  stateBytes(): StateBytes;
  /** Absent where the state cannot be saved. */
  readonly saving?: Saving;
  dispose(): void;
}

/** What checkpoints need of a placement. */
export interface Saving {
  readonly state: StateTree;
  /** Lets `use` read the parameters where they lie; until its promise settles no tensor may be made. */
  lend<Result>(parameters: readonly Tensor[], use: (views: readonly ParameterView[]) => Promise<Result>): Promise<Result>;
  /** Goes on from a saved state, bit for bit. Throws InputError, with nothing changed, where it is another optimizer's. */
  restore(saved: SavedState): void;
}
