/** A model ready to be trained by the trainer's own parts, with the memory techniques that its settings ask for. */
import type { Backend } from '../../backends/backend';
import { DenseWeights } from '../../gradients/denseWeights';
import { ModelBuffers } from '../../gradients/modelBuffers';
import { loadWasmChunks } from '../../kernels/loadWasmChunks';
import type { Ledger } from '../../memory/ledger';
import { initialValues } from '../../models/initialize';
import type { Model } from '../../models/model';
import { createOptimizer } from '../../optimizers/optimizer';
import type { Settings } from '../../settings/knobs';
import { isPacked } from '../../settings/packedMemory';
import { hostCompute } from '../../trainer/hostCompute';
import { HostPlacement } from '../../trainer/hostPlacement';
import { isScaled, LossScale } from '../../trainer/lossScale';
import { MemoryPlan } from '../../trainer/memoryPlan';
import { assemblePacked } from '../../trainer/packedAssembly';
import { PackedPlacement } from '../../trainer/packedPlacement';
import type { Placement } from '../../trainer/placement';
import { Stepper } from '../../trainer/stepper';

export interface TrainingSetup {
  readonly placement: Placement;
  readonly stepper: Stepper;
}

export function setUpTraining(model: Model, settings: Settings, backend: Backend, ledger: Ledger, assets: string, totalSteps: number): TrainingSetup {
  const placement = isPacked(settings) ? packed(model, settings, backend, ledger, assets, totalSteps)
    : new HostPlacement(createOptimizer(settings, model.parameters, { totalSteps, compute: hostCompute(assets) }), new DenseWeights(ledger, model, settings.seed), model.parameters, backend, ledger);
  const scale = new LossScale(settings, isScaled(settings, settings));
  const scaling = { get scale() { return scale.scale; }, note: (skipped: boolean) => { scale.note(skipped ? 'skipped' : 'good'); } };
  return { placement, stepper: new Stepper(model, ledger, new MemoryPlan(ledger, model, settings).source, placement, settings.seed, scaling) };
}

function packed(model: Model, settings: Settings, backend: Backend, ledger: Ledger, assets: string, totalSteps: number): Placement {
  const buffers = new ModelBuffers(ledger, model.buffers);
  const parts = assemblePacked({
    settings, specifications: model.parameters, initial: initialValues(model.parameters, settings.seed), chunks: loadWasmChunks(assets), compute: hostCompute(assets), totalSteps, backend, ledger,
  });
  return new PackedPlacement(parts, { get buffers() { return buffers.tensors; }, replaceBuffers: (places, tensors) => { buffers.replace(places, tensors); } }, backend, ledger);
}
