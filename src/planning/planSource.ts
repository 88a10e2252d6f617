/** What a plan asks of whoever knows the model: the bytes of whole steps, what its layers cost, and what the parts of a step take. An Estimator is one. */
import type { Estimate } from '../protocol/estimate';
import type { Settings } from '../settings/knobs';
import type { ModelCosts } from '../trainer/estimate/modelCosts';
import type { EstimateOptions } from '../trainer/estimate/subjectEstimate';
import type { StepTimes, Wanted } from '../trainer/probe/stepProbes';
import type { ProbeControl } from '../trainer/probe/timedInTurns';

export interface PlanSource {
  estimate(settings: Settings, options?: EstimateOptions): Promise<Estimate>;
  modelCosts(settings: Settings, signal?: AbortSignal): Promise<ModelCosts>;
  stepTimes(settings: Settings, wanted: Wanted, control?: ProbeControl): Promise<StepTimes>;
}
