/** Builds everything a run needs from its settings. */
import type { BackendPlace } from '../backends/chooseBackend';
import type { Dataset } from '../data/dataset';
import { loadDigits } from '../data/digits';
import { splitExamples, type Split } from '../data/split';
import { tapeGradients } from '../gradients/tape';
import { Ledger } from '../memory/ledger';
import { builtInModel } from '../models/builtIn';
import { parametersOf, sizeOf, type Model } from '../models/model';
import { createDeviceOptimizer } from '../optimizers/device/deviceOptimizer';
import { createOptimizer } from '../optimizers/optimizer';
import type { Settings } from '../settings/knobs';
import { chosenForRun, type ChosenBackend } from './choice/chooseForRun';
import { DevicePlacement } from './devicePlacement';
import { hostCompute } from './hostCompute';
import { HostPlacement } from './hostPlacement';
import type { Placement } from './placement';
import { Stepper } from './stepper';

export interface Assembly {
  readonly backend: ChosenBackend;
  readonly dataset: Dataset;
  readonly split: Split;
  readonly model: Model;
  readonly parameterCount: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  readonly ledger: Ledger;
  readonly placement: Placement;
  readonly stepper: Stepper;
}

/** `chosen`, where the backend has been chosen already, is current. */
export async function assemble(settings: Settings, place: BackendPlace, chosen?: ChosenBackend): Promise<Assembly> {
  const backend = chosen ?? await chosenForRun(settings, place);
  const dataset = loadDigits(place.assets);
  const split = splitExamples(dataset.labels.length, settings.validationFraction, settings.seed);
  const model = builtInModel(settings.model);
  const parameters = parametersOf(model);
  const parameterCount = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const stepsPerEpoch = Math.ceil(split.train.length / settings.batchSize);
  const totalSteps = stepsPerEpoch * settings.epochs;
  const placements: Readonly<Record<Settings['placement'], (ledger: Ledger) => Placement>> = {
    host: ledger => new HostPlacement(createOptimizer(settings, parameters, { totalSteps, compute: hostCompute(place.assets) }), parameters, backend, ledger),
    device: ledger => new DevicePlacement(() => createDeviceOptimizer(settings, parameters, { totalSteps }), ledger),
  };
  // Before the first tensor, so that none escapes it.
  const ledger = new Ledger();
  try {
    const placement = placements[settings.placement](ledger);
    const stepper = new Stepper(model, ledger, tapeGradients(ledger), placement, settings.seed);
    return { backend, dataset, split, model, parameterCount, stepsPerEpoch, totalSteps, ledger, placement, stepper };
  } catch (error) {
    ledger.stop();
    throw error;
  }
}
