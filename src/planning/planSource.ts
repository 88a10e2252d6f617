/** What a plan asks of whoever knows the model: the bytes and time of whole steps, and what its layers cost. An Estimator is one. */
import type { Estimate } from '../protocol/estimate';
import type { Settings } from '../settings/knobs';
import type { ModelCosts } from '../trainer/estimate/modelCosts';
import type { EstimateOptions } from '../trainer/estimate/subjectEstimate';

export interface PlanSource {
  estimate(settings: Settings, options?: EstimateOptions): Promise<Estimate>;
  modelCosts(settings: Settings, signal?: AbortSignal): Promise<ModelCosts>;
}
