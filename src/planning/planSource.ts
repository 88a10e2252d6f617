/** What a plan asks of whoever knows the model: the estimate of whole steps, and what its layers cost. */
import type { ModelFigures } from '../gradients/recompute/figures';
import type { Model } from '../models/model';
import type { Estimate } from '../protocol/estimate';
import type { Settings } from '../settings/knobs';

export interface ModelCosts {
  readonly model: Model;
  /** Examples of a step; of sequences, of the largest. */
  readonly examples: number;
  /** Whether all slices of so many examples are alike, so that figures are those of each; of sequences they are those of none larger than the largest. */
  readonly isUniform: boolean;
  /** What layers cost for a slice of so many examples. */
  readonly figuresFor: (examples: number) => ModelFigures;
}

export interface PlanSource {
  estimate(settings: Settings, signal?: AbortSignal): Promise<Estimate>;
  modelCosts(settings: Settings, signal?: AbortSignal): Promise<ModelCosts>;
}
