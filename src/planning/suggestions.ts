/** Single changes from the given settings that save bytes, those that save most first. Of a knob with many values three at most are offered. */
import type { Model } from '../models/model';
import type { PlanPoint } from '../protocol/plan';
import type { PlanLimits } from '../protocol/planningWire';
import type { Settings } from '../settings/knobs';
import { isElementwise } from '../settings/memoryTechniques';
import { isWithin, type Option } from './option';
import { activationOptions, microbatchOptions } from './passLevers';
import type { PlanSource } from './planSource';
import { isPossible } from './possible';
import { halfOf, stateLevers } from './stateLevers';
import { counted, weigh } from './weigh';

export async function suggestionsFor(source: PlanSource, given: Settings, now: PlanPoint, { model, examples }: { readonly model: Model; readonly examples: number }, limits: PlanLimits, signal?: AbortSignal): Promise<PlanPoint[]> {
  const lists = [recomputations(given), microbatchOptions(given, model, examples).slice(1), activationOptions(given).slice(1), halvesAtOnce(given), ...stateLevers(given).map(list => list.slice(1))];
  const saving: PlanPoint[] = [];
  for (const list of lists) {
    const points: PlanPoint[] = [];
    for (const { change, risk } of spread(list.filter(each => isWithin(each.risk, limits.mostRisk) && isPossible({ ...given, ...each.change })))) {
      const point = await weigh(source, given, change, risk, signal);
      if (point !== undefined && counted(point, limits) < counted(now, limits)) points.push(point);
    }
    saving.push(...points.filter(point => limits.mostStepMs === undefined || (point.stepMs ?? 0) <= limits.mostStepMs));
  }
  return saving.sort((a, b) => counted(a, limits) - counted(b, limits));
}

function recomputations({ recompute }: Settings): Option[] {
  return (['block', 'sqrt'] as const).filter(each => each !== recompute).map(each => ({ change: { recompute: each }, risk: 'same' }));
}

/** Everything that can be stored in two bytes: one decision, though several knobs. */
function halvesAtOnce(given: Settings): Option[] {
  const half = halfOf(given);
  if (given.activationPrecision !== 'float32' || given.parameterPrecision !== 'float32') return [];
  return [{ change: { activationPrecision: half, parameterPrecision: half, ...(isElementwise(given.optimizer) ? { momentPrecision: half } : {}) }, risk: 'precision' }];
}

/** The first, the last, and one between. */
function spread<Each>(list: readonly Each[]): Each[] {
  return [...new Set([list[0], list[(list.length - 1) >> 1], list.at(-1)])].filter(each => each !== undefined);
}
