/** What one training run of a study came to. */
export interface Outcome {
  /** At the end; Infinity where the run diverged. */
  readonly loss: number;
  /** Losses on the way, after the steps given. */
  readonly curve: readonly CurvePoint[];
  /** Share of the validation examples that are right at the end, where there are such. */
  readonly accuracy?: number;
}

export interface CurvePoint {
  readonly step: number;
  readonly loss: number;
}

export const diverged: Outcome = { loss: Number.POSITIVE_INFINITY, curve: [] };
