/** The best settings within a budget: every combination of techniques weighed, the front of them, single steps, and the largest batch. */
import { risks, type Plan, type PlanPoint } from '../protocol/plan';
import type { PlanLimits } from '../protocol/planningWire';
import type { Settings } from '../settings/knobs';
import { InputError } from '../settings/problem';
import { assumptionsOf } from './assumptions';
import { largestBatch } from './largestBatch';
import { riskier } from './option';
import { covers } from './pareto';
import { passOptions, type PassOption } from './passes';
import type { PlanSource } from './planSource';
import { isPossible } from './possible';
import { nominalMs, search, type Candidate } from './search';
import { stateCosts, type StateOption } from './stateCosts';
import { suggestionsFor } from './suggestions';
import { counted, weigh } from './weigh';

export interface PlanControl {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((done: number, of: number, what: string) => void) | undefined;
}

/** Throws InputError where the settings cannot be estimated, and the signal's reason where it is aborted. */
export async function makePlan(source: PlanSource, settings: Settings, limits: PlanLimits, { signal, progress }: PlanControl = {}): Promise<Plan> {
  progress?.(0, 1, 'estimating the given settings');
  const given = await weigh(source, settings, {}, 'same', signal);
  if (given === undefined) await source.estimate(settings, signal);
  if (given === undefined) throw new InputError([{ field: '', message: 'The given settings cannot be trained with.' }]);
  // With several workers a batch is held as it is, so all techniques begin with one.
  const alone: Partial<Settings> = settings.workers > 1 ? { workers: 1 } : {};
  const base = { ...settings, ...alone };
  const costs = await source.modelCosts(base, signal);
  progress?.(0, 1, 'finding cuts for recomputation');
  const [passes, states] = [passOptions(base, costs), stateCosts(base, costs.model)];
  const changeOf = (candidate: Candidate): Partial<Settings> => ({ ...alone, ...candidate.change });
  const riskOf = (candidate: Candidate) => (settings.workers > 1 ? riskier(candidate.risk, 'rounding') : candidate.risk);
  const weighed = new Map<Candidate['change'], PlanPoint | undefined>();
  const pointOf = async (candidate: Candidate): Promise<PlanPoint | undefined> => {
    const { change, bytes } = candidate;
    if (!weighed.has(change)) weighed.set(change, await weigh(source, settings, changeOf(candidate), riskOf(candidate), signal, bytes));
    return weighed.get(change);
  };
  const found = await search(passes, states, {
    mostRisk: limits.mostRisk, ...mostNominal(given, limits, passes, states), signal,
    progress: (done, of) => progress?.(done, of, 'weighing combinations'),
    isPossible: ({ change }) => isPossible({ ...base, ...change }),
    exactBytes: async candidate => {
      if (limits.counted === 'stored' && candidate.isExact && costs.isUniform) return candidate.bytes;
      const point = await pointOf(candidate);
      return point && counted(point, limits);
    },
  });
  const points: PlanPoint[] = [];
  for (const [done, candidate] of found.front.entries()) {
    progress?.(done, found.front.length, 'estimating the best of them');
    const point = await pointOf(candidate);
    if (point !== undefined) points.push(point);
  }
  const front = unbeaten(points, limits);
  progress?.(0, 1, 'looking for single changes and the largest batch');
  const suggestions = await suggestionsFor(source, settings, given, costs, limits, signal);
  const largest = await largestBatch(source, settings, limits, signal);
  const chosen = bestWithin(front, limits);
  return {
    counted: limits.counted, ...(limits.budgetBytes === undefined ? {} : { budgetBytes: limits.budgetBytes }), given, front,
    ...(chosen < 0 ? {} : { chosen }), suggestions, ...(largest === undefined ? {} : { largestBatch: largest }), weighed: found.weighed,
    assumptions: assumptionsOf(costs.model, settings),
  };
}

/** A limit on time, in the nominal milliseconds that combinations are compared by. */
function mostNominal({ stepMs }: PlanPoint, { mostStepMs }: PlanLimits, passes: readonly PassOption[], states: readonly StateOption[]): { mostNominalMs?: number } {
  if (mostStepMs === undefined) return {};
  if (stepMs === undefined) throw new InputError([{ field: 'mostStepMs', message: `mostStepMs is ${mostStepMs}, but what a step takes cannot be said here. Leave the limit out.` }]);
  const [pass, state] = [passes.find(isGiven), states.find(isGiven)];
  return pass === undefined || state === undefined ? {} : { mostNominalMs: mostStepMs * nominalMs(pass, state) / stepMs };
}

function isGiven({ change }: { readonly change: Partial<Settings> }): boolean {
  return Object.keys(change).length === 0;
}

/** Those that no other beats now that their time is estimated. */
function unbeaten(points: readonly PlanPoint[], limits: PlanLimits): PlanPoint[] {
  const weights = points.map(point => ({ bytes: counted(point, limits), ms: point.stepMs ?? 0, risk: point.risk }));
  return points.filter((point, index) => {
    const own = weights[index];
    return own !== undefined && (limits.mostStepMs === undefined || (point.stepMs ?? 0) <= limits.mostStepMs)
      && !weights.some((other, at) => at !== index && covers(other, own) && (at < index || !covers(own, other)));
  });
}

/** Its place; -1 where none fits, or nothing says what must. */
function bestWithin(front: readonly PlanPoint[], limits: PlanLimits): number {
  const { budgetBytes } = limits;
  if (budgetBytes === undefined) return -1;
  const fitting = front.filter(point => counted(point, limits) <= budgetBytes);
  const [best] = fitting.sort((a, b) => risks.indexOf(a.risk) - risks.indexOf(b.risk) || (a.stepMs ?? 0) - (b.stepMs ?? 0) || counted(a, limits) - counted(b, limits));
  return best === undefined ? -1 : front.indexOf(best);
}
