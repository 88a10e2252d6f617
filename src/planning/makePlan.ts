/** The best settings within a budget: every combination of techniques weighed, the front of them, single steps, and the largest batch. */
import { countedBytes } from '../protocol/countedBytes';
import type { Plan, PlanPoint } from '../protocol/plan';
import type { PlanLimits } from '../protocol/planningWire';
import { storedBytes } from '../protocol/samples';
import type { Settings } from '../settings/knobs';
import type { ModelCosts } from '../trainer/estimate/modelCosts';
import { assumptionsOf } from './assumptions';
import { largestBatch } from './largestBatch';
import type { Option } from './option';
import { compareRisk } from './pareto';
import { passOptions, type PassOption } from './passes';
import type { PlanSource } from './planSource';
import { isPossible } from './possible';
import { candidateOf, search } from './search';
import { stateCosts, type StateOption } from './stateCosts';
import { suggestionsAmong } from './suggestions';
import { timedPasses, timedStates, wantedTimes } from './times';
import { Weigher } from './weigh';

export interface PlanControl {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((done: number, of: number, what: string) => void) | undefined;
}

/** Throws InputError where the settings cannot be estimated, and the signal's reason where it is aborted. */
export async function makePlan(source: PlanSource, settings: Settings, limits: PlanLimits, { signal, progress }: PlanControl = {}): Promise<Plan> {
  progress?.(0, 1, 'estimating the given settings');
  const estimate = await source.estimate(settings, { bytesOnly: true, signal });
  const costs = await source.modelCosts(settings, signal);
  progress?.(0, 1, 'finding cuts for recomputation');
  const { passes, states } = await timedOptions(source, settings, costs, limits, { signal, progress });
  const weigher = new Weigher(source, settings, signal);
  const now = candidateOf(only(passes), only(states));
  const given: PlanPoint = {
    changes: {}, words: 'as given', risk: 'same', halvings: 0, peakBytes: estimate.peakBytes, storedBytes: storedBytes(estimate.storedPeak), stepMs: now.ms, timed: now.isTimed ? 'measured' : 'nominal',
    ...(estimate.recomputedFlops === undefined ? {} : { recomputedFlops: estimate.recomputedFlops }),
  };
  const mostMs = Math.min(limits.mostStepMs ?? Infinity, (limits.mostStepRatio ?? Infinity) * now.ms);
  const found = await search(passes, states, {
    mostRisk: limits.mostRisk, mostMs, signal,
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
  const suggestions = await suggestionsAmong(passes, states, settings, given, { ...limits, mostMs }, weigher);
  const largest = await largestBatch(source, settings, limits, signal);
  const shown = now.ms > mostMs ? front : withGiven(front, given, limits);
  const chosen = bestWithin(shown, limits);
  return {
    counted: limits.counted, ...(limits.budgetBytes === undefined ? {} : { budgetBytes: limits.budgetBytes }), given, front: shown,
    ...(chosen < 0 ? {} : { chosen }), suggestions, ...(largest === undefined ? {} : { largestBatch: largest }), weighed: found.weighed,
    assumptions: [...estimate.assumptions, ...assumptionsOf(costs.model, settings, [given, ...shown, ...suggestions].every(({ timed }) => timed === 'measured'))],
  };
}

/** The given way among others. */
function only<Each extends Option>(options: readonly Each[]): Each {
  const given = options.find(({ change }) => Object.keys(change).length === 0);
  if (given === undefined) throw new Error('The given settings are one way to run a step.');
  return given;
}

/** All ways to make the passes and to hold the state, with their times on this machine. */
async function timedOptions(source: PlanSource, settings: Settings, costs: ModelCosts, { counted }: PlanLimits, { signal, progress }: PlanControl): Promise<{ passes: PassOption[]; states: StateOption[] }> {
  const [passes, states] = [passOptions(settings, costs), stateCosts(settings, costs, counted)];
  const times = await source.stepTimes(settings, wantedTimes(passes, states), { signal, progress: (done, of) => progress?.(done, of, 'timing techniques') });
  const timed = timedPasses(passes, times, costs.meanExamples);
  return { passes: timed, states: timedStates(states, settings, times, only(timed).ms / only(passes).ms) };
}

/** What is faster by less is no reason to change anything: times are measured. */
const worthwhile = 0.05;

/** The place of the best; -1 where none fits, or nothing says what must. */
function bestWithin(front: readonly PlanPoint[], limits: PlanLimits): number {
  const { budgetBytes } = limits;
  if (budgetBytes === undefined) return -1;
  const fitting = front.filter(point => countedBytes(point, limits) <= budgetBytes);
  const [best] = fitting.sort((a, b) => compareRisk(a, b) || (a.stepMs ?? 0) - (b.stepMs ?? 0) || countedBytes(a, limits) - countedBytes(b, limits));
  const asGiven = fitting.find(({ changes }) => Object.keys(changes).length === 0);
  const isNoFaster = (asGiven?.stepMs ?? Infinity) * (1 - worthwhile) < (best?.stepMs ?? 0);
  return best === undefined ? -1 : front.indexOf(asGiven !== undefined && isNoFaster ? asGiven : best);
}

/** The given settings are shown too where another beats them by so little that it may be chance. */
function withGiven(front: readonly PlanPoint[], given: PlanPoint, limits: PlanLimits): PlanPoint[] {
  const ms = given.stepMs ?? 0;
  const beaten = front.some(point => countedBytes(point, limits) <= countedBytes(given, limits) && compareRisk(point, given) <= 0 && (point.stepMs ?? 0) <= ms * (1 - worthwhile));
  if (beaten || front.some(({ changes }) => Object.keys(changes).length === 0)) return [...front];
  return [...front, given].sort((a, b) => countedBytes(b, limits) - countedBytes(a, limits));
}
