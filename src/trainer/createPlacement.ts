/** The placement of a run, as its settings ask. */
import type { Backend } from '../backends/backend';
import { DenseWeights } from '../gradients/denseWeights';
import type { Ledger } from '../memory/ledger';
import type { Model } from '../models/model';
import { createDeviceOptimizer } from '../optimizers/device/deviceOptimizer';
import { createOptimizer } from '../optimizers/optimizer';
import type { Settings } from '../settings/knobs';
import { isPacked } from '../settings/memoryTechniques';
import { DevicePlacement } from './devicePlacement';
import { hostCompute } from './hostCompute';
import { HostPlacement } from './hostPlacement';
import { createPackedPlacement, type PackedPlacement } from './packedPlacement';

export interface PlacementOptions {
  readonly settings: Settings;
  readonly model: Pick<Model, 'parameters' | 'buffers'>;
  readonly backend: Backend;
  readonly ledger: Ledger;
  readonly totalSteps: number;
  /** Folder of the built kernels. */
  readonly assets: string;
}

/** With initial parameters from the seed. Throws InputError where the settings do not go with one another or with the model. */
export function createPlacement(options: PlacementOptions): HostPlacement | DevicePlacement | PackedPlacement {
  const { settings, model, backend, ledger, totalSteps, assets } = options;
  if (isPacked(settings)) return createPackedPlacement(options);
  const { parameters } = model;
  const weights = () => new DenseWeights(ledger, model, settings.seed);
  if (settings.placement === 'device') return new DevicePlacement(() => createDeviceOptimizer(settings, parameters, { totalSteps }), weights, ledger);
  return new HostPlacement(createOptimizer(settings, parameters, { totalSteps, compute: hostCompute(assets) }), weights(), parameters, backend, ledger);
}
