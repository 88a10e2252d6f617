/**
 * A placement that owns the parameters as well as the optimizer's state: it lends the parameters, takes in gradients and updates the
 * ones by the others.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Weights } from '../gradients/weights';
import type { SavedState } from '../optimizers/savedState';
import type { StateTree } from '../optimizers/stateTree';
import type { ParameterView } from '../optimizers/transformation';
import type { DiagnosticsSample } from '../protocol/diagnostics';
import type { LiveSettings, Settings } from '../settings/knobs';
import type { StateBytes } from '../settings/stateBytes';
import type { Watch } from './diagnostics';

/** Of a slice of the batch in the step's gradient. */
export interface Share {
  readonly weight: number;
  readonly first: boolean;
  readonly last: boolean;
}

export interface UpdateOptions {
  readonly watch?: Watch;
  /** What the loss was multiplied by; a gradient that is not finite above 1 skips the step, at 1 it is an error. */
  readonly lossScale: number;
}

export interface UpdateResult {
  readonly diagnostics?: DiagnosticsSample;
  /** A gradient was not finite because the loss was scaled: nothing has changed. */
  readonly skipped?: true;
  /** The step was followed by a rewiring of sparse weights. */
  readonly rewired?: { readonly pruned: number; readonly threshold: number };
}

export interface ParameterPlacement {
  readonly weights: Weights;
  /** Takes in the gradient of a slice's mean loss times the loss scale for one parameter, which dies when this returns. */
  collect(parameter: number, gradient: Tensor, share: Share): void;
  update(step: number, options: UpdateOptions): Promise<UpdateResult>;
  watch(settings: Settings): Watch | undefined;
  change(settings: Partial<LiveSettings>): Promise<void>;
  stateBytes(): StateBytes;
  readonly saving?: ParameterSaving;
  dispose(): void;
}

export interface ParameterSaving {
  readonly state: StateTree;
  /** Lets `use` read the parameters, where the state does not hold them already. Throws where they are not all finite. */
  lend<Result>(use: (views: readonly ParameterView[]) => Promise<Result>): Promise<Result>;
  /** Goes on from a saved state, bit for bit. Throws InputError, with nothing changed, where it is another's. */
  restore(saved: SavedState, parameters: readonly Float32Array[]): void;
}
