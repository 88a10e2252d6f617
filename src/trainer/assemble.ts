/** Builds everything a run needs from its settings. */
import type { Backend } from '../backends/backend';
import { chooseBackend, type BackendPlace } from '../backends/chooseBackend';
import type { Dataset } from '../data/dataset';
import { loadDigits } from '../data/digits';
import { splitExamples, type Split } from '../data/split';
import { tapeGradients } from '../gradients/tape';
import { Ledger } from '../memory/ledger';
import { builtInModel } from '../models/builtIn';
import { parametersOf, sizeOf, type Model } from '../models/model';
import { createOptimizer, type Optimizer } from '../optimizers/optimizer';
import type { Settings } from '../settings/knobs';
import { Diagnostics } from './diagnostics';
import { hostCompute } from './hostCompute';
import { Stepper } from './stepper';

export interface Assembly {
  readonly backend: Backend;
  readonly dataset: Dataset;
  readonly split: Split;
  readonly model: Model;
  readonly parameterCount: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  readonly ledger: Ledger;
  readonly optimizer: Optimizer;
  readonly diagnostics: Diagnostics;
  readonly stepper: Stepper;
}

export async function assemble(settings: Settings, place: BackendPlace): Promise<Assembly> {
  const backend = await chooseBackend(settings.backend, place);
  const dataset = loadDigits(place.assets);
  const split = splitExamples(dataset.labels.length, settings.validationFraction, settings.seed);
  const model = builtInModel(settings.model);
  const parameterCount = parametersOf(model).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const stepsPerEpoch = Math.ceil(split.train.length / settings.batchSize);
  const totalSteps = stepsPerEpoch * settings.epochs;
  const optimizer = createOptimizer(settings, parametersOf(model), { totalSteps, compute: hostCompute(place.assets) });
  const diagnostics = new Diagnostics(optimizer);
  // Last of what cannot fail, and before the first tensor, so that none escapes it.
  const ledger = new Ledger();
  const stepper = new Stepper(model, backend, ledger, tapeGradients(ledger), optimizer, settings.seed);
  return { backend, dataset, split, model, parameterCount, stepsPerEpoch, totalSteps, ledger, optimizer, diagnostics, stepper };
}
