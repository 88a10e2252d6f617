/** A model ready to be trained by the trainer's own parts, with the memory techniques that its settings ask for. */
import type { Backend } from '../../backends/backend';
import { DenseWeights } from '../../gradients/denseWeights';
import type { Ledger } from '../../memory/ledger';
import type { Model } from '../../models/model';
import { createOptimizer } from '../../optimizers/optimizer';
import type { Settings } from '../../settings/knobs';
import { isPacked, scalesLoss } from '../../settings/memoryTechniques';
import { hostCompute } from '../../trainer/hostCompute';
import { HostPlacement } from '../../trainer/hostPlacement';
import { LossScale } from '../../trainer/lossScale';
import { MemoryPlan } from '../../trainer/memoryPlan';
import { createPackedPlacement } from '../../trainer/packedPlacement';
import type { Placement } from '../../trainer/placement';
import { Stepper } from '../../trainer/stepper';

export interface TrainingSetup {
  readonly placement: Placement;
  readonly stepper: Stepper;
}

export function setUpTraining(model: Model, settings: Settings, backend: Backend, ledger: Ledger, assets: string, totalSteps: number): TrainingSetup {
  const placement = isPacked(settings) ? createPackedPlacement({ settings, model, backend, ledger, totalSteps, assets })
    : new HostPlacement(createOptimizer(settings, model.parameters, { totalSteps, compute: hostCompute(assets) }), new DenseWeights(ledger, model, settings.seed), model.parameters, backend, ledger);
  const stepper = new Stepper(model, ledger, new MemoryPlan(ledger, model, settings).source, placement, settings.seed, scalesLoss(settings) ? new LossScale(settings) : undefined);
  return { placement, stepper };
}
