/** The best settings within a budget: every combination of techniques weighed, the front of them, single steps, and the largest batch. */
import { countedBytes } from '../protocol/countedBytes';
import type { Plan, PlanPoint } from '../protocol/plan';
import type { PlanLimits } from '../protocol/planningWire';
import { storedBytes } from '../protocol/samples';
import type { Settings } from '../settings/knobs';
import { InputError } from '../settings/problem';
import { assumptionsOf } from './assumptions';
import { largestBatch } from './largestBatch';
import type { Option } from './option';
import { compareRisk } from './pareto';
import { passOptions } from './passes';
import type { PlanSource } from './planSource';
import { isPossible } from './possible';
import { candidateOf, search } from './search';
import { stateCosts } from './stateCosts';
import { suggestionsAmong } from './suggestions';
import { Weigher } from './weigh';

export interface PlanControl {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((done: number, of: number, what: string) => void) | undefined;
}

/** Throws InputError where the settings cannot be estimated or a limit cannot be judged, and the signal's reason where it is aborted. */
export async function makePlan(source: PlanSource, settings: Settings, limits: PlanLimits, { signal, progress }: PlanControl = {}): Promise<Plan> {
  progress?.(0, 1, 'estimating the given settings');
  const estimate = await source.estimate(settings, { signal });
  const { stepMs, recomputedFlops, peakBytes } = estimate;
  const given: PlanPoint = {
    changes: {}, words: 'as given', risk: 'same', halvings: 0, peakBytes, storedBytes: storedBytes(estimate.storedPeak), ...(stepMs === undefined ? {} : { stepMs }), ...(recomputedFlops === undefined ? {} : { recomputedFlops }),
  };
  const costs = await source.modelCosts(settings, signal);
  progress?.(0, 1, 'finding cuts for recomputation');
  const [passes, states] = [passOptions(settings, costs), stateCosts(settings, costs, limits.counted)];
  const nominal = candidateOf(only(passes), only(states)).ms;
  const msOfNominal = stepMs === undefined ? undefined : stepMs / nominal;
  const weigher = new Weigher(source, settings, msOfNominal, signal);
  const found = await search(passes, states, {
    mostRisk: limits.mostRisk, mostNominalMs: nominalLimit(limits, msOfNominal), signal,
    progress: (done, of) => progress?.(done, of, 'weighing combinations'),
    isPossible: ({ change }) => isPossible({ ...settings, ...change }),
    exactBytes: async candidate => {
      const point = await weigher.weigh(candidate);
      return point && countedBytes(point, limits);
    },
  });
  const front: PlanPoint[] = [];
  for (const [done, candidate] of found.front.entries()) {
    progress?.(done, found.front.length, 'estimating the best of them');
    const point = await weigher.weigh(candidate);
    if (point !== undefined) front.push(point);
  }
  progress?.(0, 1, 'looking for single changes and the largest batch');
  const suggestions = await suggestionsAmong(passes, states, settings, given, limits, weigher);
  const largest = await largestBatch(source, settings, limits, signal);
  const chosen = bestWithin(front, limits);
  return {
    counted: limits.counted, ...(limits.budgetBytes === undefined ? {} : { budgetBytes: limits.budgetBytes }), given, front,
    ...(chosen < 0 ? {} : { chosen }), suggestions, ...(largest === undefined ? {} : { largestBatch: largest }), weighed: found.weighed,
    assumptions: [...estimate.assumptions, ...assumptionsOf(costs.model, settings)],
  };
}

/** The given way among others. */
function only<Each extends Option>(options: readonly Each[]): Each {
  const given = options.find(({ change }) => Object.keys(change).length === 0);
  if (given === undefined) throw new Error('The given settings are one way to run a step.');
  return given;
}

/** A limit on time, in the nominal milliseconds that combinations are compared by. */
function nominalLimit({ mostStepMs }: PlanLimits, msOfNominal: number | undefined): number {
  if (mostStepMs === undefined) return Number.POSITIVE_INFINITY;
  if (msOfNominal === undefined) throw new InputError([{ field: 'mostStepMs', message: `mostStepMs is ${mostStepMs}, but what a step takes cannot be said here. Leave the limit out.` }]);
  return mostStepMs / msOfNominal;
}

/** Its place; -1 where none fits, or nothing says what must. */
function bestWithin(front: readonly PlanPoint[], limits: PlanLimits): number {
  const { budgetBytes } = limits;
  if (budgetBytes === undefined) return -1;
  const fitting = front.filter(point => countedBytes(point, limits) <= budgetBytes);
  const [best] = fitting.sort((a, b) => compareRisk(a, b) || (a.stepMs ?? 0) - (b.stepMs ?? 0) || countedBytes(a, limits) - countedBytes(b, limits));
  return best === undefined ? -1 : front.indexOf(best);
}
