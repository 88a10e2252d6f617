/**
 * Optimizers are chains of explicit-state transformations of one flat vector of d entries: gradients go in, updates come out.
 * A transformation owns no memory outside its state and rewrites the updates in place. Its state is a plain record of named
 * typed arrays and small numbers, so that it can be weighed, saved and compared. A hyperparameter is a function, read at
 * every use: a slider is a schedule.
 */
import type { SparseRow } from '../kernels/panelLayout';
import type { ParameterSpace, Shaped } from '../settings/parameterSpace';
import type { KeptFactors } from './compressors/keptFactors';

/** One tensor of parameters; consecutive tensors make up the flat vector. */
export interface ParameterView extends Shaped {
  readonly values: Float32Array;
}

/** What a compressor kept of a vector: entries, or factors of its matrices. */
export type Kept = SparseRow | KeptFactors;

/** What flows through a chain. */
export interface Updates {
  readonly dense: Float32Array; // [d]
  /** The same vector in compressed form, from the compressor that made it until something else rewrites `dense`. */
  kept: Kept | undefined;
}

export interface Transformation<State> {
  readonly name: string;
  /** The state before the first step. */
  init(space: ParameterSpace): State;
  /** Rewrites `updates` and `state` in place and holds no memory besides. `step` counts from 1. */
  update(updates: Updates, state: State, parameters: readonly ParameterView[], step: number): void;
  /** A state for hyperparameters that have changed, history kept. `state` itself stays as it is; it may be returned. */
  remap?(state: State, space: ParameterSpace): State;
}
