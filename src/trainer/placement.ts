/**
 * Where parameters, gradients and an optimizer's state lie during a run, as the stepper sees it: parameters as tensors with the
 * state on the host (hostPlacement.ts) or in tensors of the backend too (devicePlacement.ts), or all of it stored on the host
 * in fewer bytes (packedPlacement.ts). A placement brings gradients to the state
 * and the updates to the parameters, and states to the ledger what it holds.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Share } from '../gradients/gradientSource';
import type { ModelBuffers } from '../gradients/modelBuffers';
import type { Weights } from '../gradients/weights';
import type { SavedState } from '../optimizers/savedState';
import type { StateTree } from '../optimizers/stateTree';
import type { ParameterView } from '../optimizers/transformation';
import type { DiagnosticsSample } from '../protocol/diagnostics';
import type { LiveSettings, Settings } from '../settings/knobs';
import type { StateBytes } from '../settings/stateBytes';
import type { Watch } from './diagnostics';

export interface UpdateOptions {
  readonly watch?: Watch | undefined;
  /** What the gradients were multiplied by. */
  readonly lossScale: number;
}

export interface Update {
  /** Of a step that was watched. */
  readonly diagnostics?: DiagnosticsSample;
  /** A gradient was not finite under a loss scale above 1: nothing was changed. */
  readonly skipped?: true;
  /** Sparse weights were rewired after the step: how many moved, and the magnitude below which they did. */
  readonly rewired?: { readonly pruned: number; readonly threshold: number };
}

export interface Placement {
  readonly weights: Weights;
  /** What the model remembers beside its parameters; it moves while gradients are collected, and a step that fails must be taken back. */
  readonly buffers: Pick<ModelBuffers, 'begin' | 'end'>;
  /** Whether a tensor is updated as soon as its gradient is collected, which cannot be taken back. */
  readonly updatesAtOnce?: boolean;
  /** Takes in a slice's gradient of one parameter, which dies when this returns. The first slice starts a new step. */
  collect(parameter: number, gradient: Tensor, share: Share): void;
  /** Waits for gradients that are on their way; absent where they never leave the device. */
  arrived?(): Promise<void>;
  /**
   * Takes a step by the gradients of all parameters, collected since the last; `step` counts from 1. When it throws or rejects,
   * neither parameters nor state have changed.
   */
  update(step: number, options: UpdateOptions): Promise<Update>;
  /** How to measure the next step: undefined where it is not to be measured, or cannot be. */
  watch(settings: Settings): Watch | undefined;
  /** Applies live settings, history kept. When it throws or rejects, nothing has changed. */
  change(settings: Partial<LiveSettings>): Promise<void>;
  /** Bytes of every part of the state that are really held, wherever they lie. */
  stateBytes(): StateBytes;
  /** The tensors that it holds from step to step, by what they are. */
  named(): Iterable<readonly [string, Tensor]>;
  /** Absent where the state cannot be saved. */
  readonly saving?: Saving;
  dispose(): void;
}

/** What checkpoints need of a placement. */
export interface Saving {
  readonly state: StateTree;
  /** Lets `use` read the parameters where they lie, none where the state holds them already; until its promise settles no tensor may be made. */
  lend<Result>(use: (views: readonly ParameterView[]) => Promise<Result>): Promise<Result>;
  /** Goes on from a saved state and parameters, bit for bit. Throws InputError, with nothing changed, where the state is another optimizer's. */
  restore(saved: SavedState, parameters: readonly Float32Array[], buffers: readonly Float32Array[]): void;
}
