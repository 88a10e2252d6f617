/** What a placement holds beside the tensors of the passes: all the while, and at the instants of an update. The placements say the same of themselves. */
import type { Backend } from '../../backends/backend';
import { loadWasmChunks } from '../../kernels/loadWasmChunks';
import { sizeOf, type Model } from '../../models/model';
import { createStreamedOptimizer } from '../../optimizers/streamed/streamedOptimizer';
import { noBytes, type Bytes } from '../../protocol/samples';
import { gradientBytes, parametersBytes, totalStored } from '../../settings/formulas/packed';
import type { Settings } from '../../settings/knobs';
import { hasMaster, isElementwise, isPacked, keepsHalves } from '../../settings/memoryTechniques';
import { optimizerSettingNames } from '../../settings/optimizerSettings';
import { parameterSpace } from '../../settings/parameterSpace';
import { sparseTensors, storedCounts } from '../../settings/sparseTensors';
import { stateBytes, totalBytes } from '../../settings/stateBytes';
import { bytesOfScratch, packedScratch } from '../packedChunks';
import { Rewiring } from '../rewiring';

export interface Held {
  /** From step to step. */
  readonly always: Bytes;
  /** Workspace beside it, at each instant of an update that holds any. */
  readonly updates: readonly number[];
}

export interface HeldFor {
  readonly settings: Settings;
  readonly model: Model;
  readonly backend: Pick<Backend, 'memory' | 'read'>;
  readonly totalSteps: number;
  /** Folder of the built kernels. */
  readonly assets: string;
}

export function heldBytes(about: HeldFor): Held {
  const { settings, model } = about;
  const state = totalBytes(stateBytes(settings, parameterSpace(model.parameters)));
  if (isPacked(settings)) return packed(about, state);
  return settings.placement === 'host' ? host(about, state) : { always: { ...noBytes(), optimizerState: state }, updates: [] };
}

/** hostPlacement.ts. The first step is always measured, on a copy of the gradient. */
function host({ model, backend: { memory, read } }: HeldFor, state: number): Held {
  const flat = model.parameters.reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0);
  const copies = memory !== undefined ? 0 : flat;
  return {
    always: { ...noBytes(), gradients: flat, optimizerState: state },
    updates: [copies + flat, ...read === undefined ? [] : [2 * flat]],
  };
}

/** packedPlacement.ts. */
function packed(about: HeldFor, state: number): Held {
  const { settings, model: { parameters }, totalSteps } = about;
  const stored = totalStored(settings, parameters);
  const isSparse = sparseTensors(settings, parameters);
  const counts = storedCounts(settings, parameters);
  const sparse = counts.reduce((sum, count, at) => sum + (isSparse[at] === true ? count : 0), 0);
  const isWhole = !isElementwise(settings.optimizer);
  const halves = keepsHalves(settings);
  const scratch = scratchBytes(about, sparse > 0) + (isWhole && halves ? 4 * stored : 0);
  const unpacked = halves && !hasMaster(settings) ? 4 * stored : 0;
  const rewires = sparse > 0 && new Rewiring(settings, totalSteps).isDue(settings.rewireEvery) && settings.rewireEvery <= totalSteps;
  return {
    always: { ...noBytes(), parameters: parametersBytes(settings, parameters), gradients: gradientBytes(settings, parameters), optimizerState: state, workspace: scratch },
    updates: [...isWhole ? [unpacked + 4 * stored] : [], ...rewires ? [20 * sparse, 8 * stored] : []],
  };
}

/** By what decides it. */
const knownScratch = new Map<string, number>();

/** Of a fixed size, so it is simply made: once, since making it takes memories that grow. */
function scratchBytes({ settings, settings: { optimizer, momentPrecision: precision }, model: { parameters: tensors }, totalSteps, assets }: HeldFor, isSparse: boolean): number {
  const key = JSON.stringify([assets, isSparse, ...isElementwise(optimizer) ? [optimizer, precision, ...optimizerSettingNames.map(name => settings[name])] : []]);
  const known = knownScratch.get(key);
  if (known !== undefined) return known;
  const chunks = loadWasmChunks(assets);
  const scratch = packedScratch(chunks, isSparse);
  if (isElementwise(optimizer)) createStreamedOptimizer({ ...settings, optimizer }, { tensors, length: 0, precision, chunks, totalSteps });
  const bytes = bytesOfScratch(scratch);
  knownScratch.set(key, bytes);
  return bytes;
}
