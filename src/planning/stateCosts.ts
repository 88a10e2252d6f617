/** What stays from step to step under each way to hold it: parameters, gradients, the optimizer's state and buffers, by the formulas of src/settings. */
import { sizeOf } from '../models/model';
import type { PlanLimits } from '../protocol/planningWire';
import { gradientBytes, parametersBytes, totalStored } from '../settings/formulas/packed';
import type { Settings } from '../settings/knobs';
import { isPacked } from '../settings/memoryTechniques';
import { parameterSpace } from '../settings/parameterSpace';
import { stateBytes, totalBytes } from '../settings/stateBytes';
import type { ModelCosts, Workspace } from '../trainer/estimate/modelCosts';
import { collectMs, lendMs, updateMs } from './nominalTime';
import { stateOptions } from './stateLevers';
import type { Option } from './option';

export interface StateOption extends Option {
  /** Without the gradients that arrive: one at a time, differing from instant to instant. */
  readonly bytes: number;
  /** Workspace beside it: all the while, and at the highest instant of an update. None where only what is stored is counted. */
  readonly workspace: Workspace;
  readonly settings: Settings;
  /** Of all parameters once, of the gradients of a slice, and of a step's update; nominal until they are measured (times.ts). */
  readonly lendMs: number;
  readonly collectMs: number;
  readonly updateMs: number;
  readonly isTimed: boolean;
}

const none: Workspace = { lasting: 0, update: 0 };

export function stateCosts(given: Settings, { model, workspaceOf }: ModelCosts, what: PlanLimits['counted']): StateOption[] {
  const { parameters, buffers } = model;
  const space = parameterSpace(parameters);
  const bufferBytes = buffers.reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0);
  return stateOptions(given).map(option => {
    const settings = { ...given, ...option.change };
    const state = totalBytes(stateBytes(settings, space));
    return {
      ...option, settings, isTimed: false,
      bytes: parametersBytes(settings, parameters) + gradientBytes(settings, parameters) + state + bufferBytes, workspace: what === 'stored' ? none : workspaceOf(settings),
      lendMs: lendMs(settings, space.dimension), collectMs: collectMs(space.dimension, isPacked(settings)), updateMs: updateMs(settings, totalStored(settings, parameters), state),
    };
  });
}
