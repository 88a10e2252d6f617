/**
 * M-FAC and GGT, with d parameters, a window of m rows and k entries kept in a row:
 *   dense     window 4 m d
 *   sparse    window m k (value + index), kept row k (value + index)
 *   low rank  see lowRank.ts
 * and for all of them gram 8 m^2 and solver, the residual where there is error feedback, and 4 d where there is momentum.
 */
import type { Settings } from '../knobs';
import type { ParameterSpace } from '../parameterSpace';
import type { StateBytes } from '../stateBytes';
import { bytesPerIndex, keptIn, runsOf } from './blocks';
import { lowRankBytes } from './lowRank';
import { residualBytes } from './residual';
import { ggtSolverBytes, mfacSolverBytes } from './solvers';

export function denseWindowBytes({ window }: Settings, { dimension }: ParameterSpace): StateBytes {
  return { windowValues: 4 * window * dimension };
}

export function sparseWindowBytes(settings: Settings, space: ParameterSpace): StateBytes {
  const runs = runsOf(settings, space);
  const [kept, index, value] = [keptIn(runs), bytesPerIndex(runs), settings.valuePrecision === 'float32' ? 4 : 2];
  return { windowValues: value * settings.window * kept, windowIndices: index * settings.window * kept, keptRow: (value + index) * kept, ...residual(settings, space) };
}

export function lowRankWindowBytes(settings: Settings, space: ParameterSpace): StateBytes {
  return { ...lowRankBytes(settings, space), ...residual(settings, space) };
}

export const mfacBytes = (rows: (settings: Settings, space: ParameterSpace) => StateBytes) => (settings: Settings, space: ParameterSpace): StateBytes =>
  ({ ...rows(settings, space), gram: 8 * settings.window ** 2, solver: mfacSolverBytes(settings.window), ...velocity(settings, space) });

export const ggtBytes = (rows: (settings: Settings, space: ParameterSpace) => StateBytes) => (settings: Settings, space: ParameterSpace): StateBytes => {
  const [held, { solver, scratch }] = [rows(settings, space), ggtSolverBytes(settings.window)];
  return { ...held, gram: 8 * settings.window ** 2, solver, scratch: scratch + (held.scratch ?? 0), ...velocity(settings, space) };
};

export function residual({ errorFeedback, errorFeedbackBits }: Settings, { dimension }: ParameterSpace): StateBytes {
  return errorFeedback ? { residual: residualBytes(errorFeedbackBits, dimension) } : {};
}

export function velocity({ momentum }: Settings, { dimension }: ParameterSpace): StateBytes {
  return momentum > 0 ? { velocity: 4 * dimension } : {};
}
