/** One technique on one model, measured in a process of its own. Null: not measured. */
import type { BackendName } from '../../backends/backend';
import type { Settings } from '../../settings/knobs';
import type { MemoryModelName } from './memoryModels';

export interface MemoryRow {
  readonly model: MemoryModelName;
  readonly technique: string;
  /** Those that differ from the defaults of a run. */
  readonly settings: Partial<Settings>;
  /** Of parameters, and of the index of sparse ones. */
  readonly modelBytes: number | null;
  /** Of gradients and the optimizer's buffers. */
  readonly optimizerBytes: number | null;
  /** Of activations, their gradients and the batch itself, at the highest instant without workspace. */
  readonly activationBytes: number | null;
  /** The most that lived only inside one layer's computation, beside all these. */
  readonly workspaceBytes: number | null;
  /** Model, optimizer and activations at the highest instant. */
  readonly totalBytes: number | null;
  /** Total of the baseline divided by this total. */
  readonly ratio: number | null;
  /** By formulas, and by sizes of single layers at small batches; before the step. */
  readonly predictedTotalBytes: number | null;
  /** Of a step, beyond those of one forward and one backward pass. */
  readonly recomputedFlops: number | null;
  /** Median of the measured steps. */
  readonly stepMs: number | null;
  readonly backend: BackendName;
}

/** What a measuring process answers. */
export interface Measured {
  readonly type: 'measured';
  readonly modelBytes: number;
  readonly optimizerBytes: number;
  readonly activationBytes: number;
  readonly workspaceBytes: number | null;
  readonly predictedTotalBytes: number | null;
  readonly recomputedFlops: number | null;
  /** Of one forward and one backward pass; null where the model's nodes do not say. */
  readonly flops: number | null;
  readonly stepsMs: readonly number[];
  /** Of each step, the warm-up first: what was computed was the training of a model. */
  readonly losses: readonly number[];
}

/** What it is asked. */
export interface Measure {
  readonly type: 'measure';
  readonly backend: BackendName;
  readonly technique: string;
  readonly settings: Settings;
  readonly steps: number;
  readonly workspace: string | undefined;
}
