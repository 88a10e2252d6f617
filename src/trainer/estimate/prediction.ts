/** The estimate that a run makes of itself before it starts, with the model, data and backend that it has. */
import type { Backend } from '../../backends/backend';
import type { Dataset } from '../../data/dataset';
import type { Model } from '../../models/model';
import type { Estimate } from '../../protocol/estimate';
import type { Settings } from '../../settings/knobs';
import { SubjectEstimates } from './subjectEstimate';

export interface Predicted {
  readonly settings: Settings;
  readonly backend: Backend;
  readonly model: Model;
  readonly dataset: Dataset;
  readonly assets: string;
}

/** Undefined where it cannot be said: a run goes on without. */
export async function prediction({ settings, backend, model, dataset, assets }: Predicted): Promise<Estimate | undefined> {
  try {
    return await new SubjectEstimates(backend, model, dataset, assets).of({ ...settings, backend: backend.name });
  } catch {
    return undefined;
  }
}
