/**
 * Bytes of optimizer state, predicted from the settings and the shapes alone, so that the panel can say what a change will
 * cost before it is made. The optimizers must hold exactly these bytes; a test compares the two for every recipe.
 */
import { adafactorBytes, adamw8bitBytes, adamwBytes, muonBytes, shampooBytes, soapBytes } from './formulas/baselines';
import { deviceStateBytes } from './formulas/device';
import { packedStateBytes } from './formulas/packed';
import { microAdamBytes } from './formulas/microAdam';
import { denseWindowBytes, ggtBytes, lowRankWindowBytes, mfacBytes, sparseWindowBytes, velocity } from './formulas/windows';
import type { Settings } from './knobs';
import { isPacked } from './memoryTechniques';
import type { Optimizer } from './optimizers';
import type { ParameterSpace } from './parameterSpace';

/** The parts of a state by name; every array of a state stands under one of them. */
export const stateParts = [
  'windowValues', 'windowIndices', 'windowFactors', 'keptRow', 'residual', 'gram', 'solver', 'velocity', 'firstMoment', 'secondMoment',
  'statistics', 'roots', 'bases', 'scratch', 'masterCopy',
] as const;
export type StatePart = (typeof stateParts)[number];
export type StateBytes = Partial<Record<StatePart, number>>;

const formulas: Readonly<Record<Optimizer, (settings: Settings, space: ParameterSpace) => StateBytes>> = {
  'dense-mfac': mfacBytes(denseWindowBytes), 'sparse-mfac': mfacBytes(sparseWindowBytes), 'low-rank-mfac': mfacBytes(lowRankWindowBytes),
  'ggt': ggtBytes(denseWindowBytes), 'sparse-ggt': ggtBytes(sparseWindowBytes), 'low-rank-ggt': ggtBytes(lowRankWindowBytes),
  'micro-adam': microAdamBytes,
  'sgd': velocity, 'adamw': adamwBytes, 'adamw-8bit': adamw8bitBytes, 'adafactor': adafactorBytes, 'muon': muonBytes, 'shampoo': shampooBytes, 'soap': soapBytes,
};

/** Predicted bytes of every part of the optimizer's state, wherever a run with these settings places it. */
export function stateBytes(settings: Settings, space: ParameterSpace): StateBytes {
  if (isPacked(settings)) return packedStateBytes(settings, space.tensors, stored => formulas[settings.optimizer](settings, stored));
  if (settings.placement === 'device') {
    const { device, host } = deviceStateBytes(settings, space, settings.backend);
    return addStateBytes(device, host);
  }
  return formulas[settings.optimizer](settings, space);
}

/** Part by part: those of a state of which some lies here and some there. */
export function addStateBytes(a: StateBytes, b: StateBytes): StateBytes {
  return Object.fromEntries(stateParts.filter(part => part in a || part in b).map(part => [part, (a[part] ?? 0) + (b[part] ?? 0)]));
}

export function totalBytes(parts: Readonly<Record<string, number | undefined>>): number {
  return Object.values(parts).reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0);
}
