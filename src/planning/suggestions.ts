/** Single changes from the given settings that save bytes, those that save most first. Of a knob with many values three at most are offered. */
import { countedBytes } from '../protocol/countedBytes';
import type { PlanPoint } from '../protocol/plan';
import type { PlanLimits } from '../protocol/planningWire';
import type { KnobName, Settings } from '../settings/knobs';
import { isWithin, type Option } from './option';
import type { PassOption } from './passes';
import { isPossible } from './possible';
import { candidateOf, type Candidate } from './search';
import type { StateOption } from './stateCosts';
import type { Weigher } from './weigh';

export async function suggestionsAmong(passes: readonly PassOption[], states: readonly StateOption[], given: Settings, now: PlanPoint, limits: PlanLimits & { readonly mostMs: number }, weigher: Weigher): Promise<PlanPoint[]> {
  const saving: PlanPoint[] = [];
  for (const list of byKnob(singleChanges(passes, states)).values()) {
    const possible = list.filter(({ change, risk }) => isWithin(risk, limits.mostRisk) && isPossible({ ...given, ...change }));
    for (const candidate of spread(possible)) {
      const point = await weigher.weigh(candidate);
      if (point !== undefined && countedBytes(point, limits) < countedBytes(now, limits) && limits.mostMs >= (point.stepMs ?? 0)) saving.push(point);
    }
  }
  return saving.sort((a, b) => countedBytes(a, limits) - countedBytes(b, limits));
}

/** One decision each, though storing everything in two bytes takes several knobs. */
function singleChanges(passes: readonly PassOption[], states: readonly StateOption[]): Candidate[] {
  const namesIn = ({ change }: Option) => (Object.keys(change) as KnobName[]).filter(name => name !== 'recomputeBudget');
  const pairs = passes.filter(pass => namesIn(pass).length < 2).flatMap(pass => states.filter(state => {
    const [before, after] = [namesIn(pass), namesIn(state)];
    return before.length + after.length === 1 || (before.join() === 'activationPrecision' && after.every(isPrecision) && after.length > 0 && isWidest(state, states));
  }).map(state => candidateOf(pass, state)));
  return pairs.filter(({ change }) => new Set((Object.keys(change) as KnobName[]).filter(isPrecision).map(name => change[name])).size < 2);
}

function isPrecision(name: string): boolean {
  return name === 'activationPrecision' || name === 'parameterPrecision' || name === 'momentPrecision';
}

/** Whether no other way stores more parts in two bytes. */
function isWidest({ change }: Option, states: readonly Option[]): boolean {
  const count = (each: Option) => Object.keys(each.change).every(isPrecision) ? Object.keys(each.change).length : 0;
  return Object.keys(change).length === Math.max(...states.map(count));
}

function byKnob(candidates: readonly Candidate[]): Map<string, Candidate[]> {
  const lists = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const { recompute, ...others } = candidate.change;
    // Each policy is a choice of its own; budgets differ by their number.
    const key = [recompute, ...Object.keys(others)].join();
    lists.set(key, [...lists.get(key) ?? [], candidate]);
  }
  return lists;
}

/** The first, the last, and one between. */
function spread<Each>(list: readonly Each[]): Each[] {
  return [...new Set([list[0], list[(list.length - 1) >> 1], list.at(-1)])].filter(each => each !== undefined);
}
