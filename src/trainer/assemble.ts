/** Builds everything a run needs from its settings. */
import type { Backend } from '../backends/backend';
import type { BackendPlace } from '../backends/loadBackend';
import { batchPlan, type BatchPlan } from '../data/batchPlan';
import type { Dataset } from '../data/dataset';
import { augmentationOf } from '../data/moves';
import { splitOf, type Split } from '../data/split';
import { tapeGradients } from '../gradients/tape';
import type { Figures } from '../memory/jointLedger';
import { Ledger } from '../memory/ledger';
import type { ModelData } from '../models/namedModel';
import { sizeOf, type Model } from '../models/model';
import type { Estimate } from '../protocol/estimate';
import type { Settings } from '../settings/knobs';
import { scalesLoss } from '../settings/memoryTechniques';
import { InputError } from '../settings/problem';
import { isShared, workersProblems } from '../settings/workers';
import { chosenForRun, type ChosenBackend } from './choice/chooseForRun';
import { createPlacement } from './createPlacement';
import { prediction } from './estimate/prediction';
import { LossScale } from './lossScale';
import { MemoryPlan } from './memoryPlan';
import type { Placement } from './placement';
import { runParts } from './runParts';
import { Stepper } from './stepper';
import { checkTensors } from './tensorBounds';
import type { GradientTeam } from './workers/gradientTeam';

export interface Assembly {
  readonly backend: ChosenBackend;
  readonly dataset: Dataset;
  readonly split: Split;
  readonly model: Model;
  readonly parameterCount: number;
  readonly batches: BatchPlan;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  readonly ledger: Ledger;
  /** Bytes of the whole run: the ledger's, and those of further threads. */
  readonly figures: Figures;
  /** Threads that compute gradients, where there are any; they end with the run. */
  readonly team?: GradientTeam;
  readonly placement: Placement;
  readonly memoryPlan: MemoryPlan;
  readonly stepper: Stepper;
  /** Present where the loss is scaled. */
  readonly scaling?: LossScale;
  /** What a step is expected to take, where that was asked for and could be said. */
  readonly predicted?: Estimate;
}

/** `chosen`, where the backend has been chosen already, is current. `isPredicted`: says beforehand what a step will take. */
export async function assemble(settings: Settings, place: BackendPlace, chosen?: ChosenBackend, { isPredicted = false } = {}): Promise<Assembly> {
  const backend = chosen ?? await chosenForRun(settings, place);
  const { model, dataset, madeFor } = await runParts(settings, place.assets);
  const split = splitOf(dataset, settings.validationFraction, settings.seed);
  checkTensors(settings, model, backend);
  const { parameters } = model;
  const parameterCount = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const batches = batchPlan(dataset, split.train, { ...settings, augmentation: augmentationOf(dataset, settings.shift) });
  const { batches: stepsPerEpoch } = batches;
  const totalSteps = stepsPerEpoch * settings.epochs;
  // A ledger sees all tensors there are, so two cannot be at work at once.
  const predicted = isPredicted ? await prediction({ settings, backend, model, dataset, assets: place.assets }) : undefined;
  // Before the first tensor, so that none escapes it.
  const ledger = new Ledger();
  let team: GradientTeam | undefined;
  try {
    if (settings.workers > 1) team = await startTeam(settings, madeFor, place, backend, model, ledger);
    const memoryPlan = new MemoryPlan(ledger, model, settings);
    const placement = createPlacement({ settings, model, backend, ledger, totalSteps, assets: place.assets });
    const scaling = scalesLoss(settings) ? new LossScale(settings) : undefined;
    const stepper = new Stepper(model, ledger, team?.source ?? memoryPlan.source, placement, settings.seed, scaling);
    const sum = { backend: team?.joined(backend) ?? backend, figures: team?.figures ?? ledger, ...(team === undefined ? {} : { team }), ...(scaling === undefined ? {} : { scaling }), ...(predicted === undefined ? {} : { predicted }) };
    return { ...sum, dataset, split, model, parameterCount, batches, stepsPerEpoch, totalSteps, ledger, placement, memoryPlan, stepper };
  } catch (error) {
    ledger.stop();
    await team?.close();
    throw error;
  }
}

/** Loaded only where there is more than one worker. */
async function startTeam({ model: name, workers, batchSize }: Settings, data: ModelData, { assets }: BackendPlace, backend: Backend, model: Model, ledger: Ledger): Promise<GradientTeam> {
  if (name === 'module') throw new InputError([{ field: 'workers', message: `workers is ${workers}, but must be 1 with the model "module", which is made in one thread. Set it to 1, or cut the batch with microbatch.` }]);
  const { memory } = backend;
  // "auto" may have become a backend that needs no workers.
  if (!isShared(backend.name) || memory === undefined) throw new InputError(workersProblems(workers, backend.name));
  const { GradientTeam: Team } = await import('./workers/gradientTeam');
  return new Team({ model, source: tapeGradients(ledger), ledger, memory }, { model: name, data, workers, batchSize, backend: backend.name, assets });
}
