/**
 * Puts measured times in the place of nominal ones. What was not measured keeps the ratio that its nominal time has to one that was: that of
 * plain passes, and that of the given way to store.
 */
import type { Settings } from '../settings/knobs';
import type { StepTimes, Wanted } from '../trainer/probe/stepProbes';
import { wayKey } from '../trainer/probe/passProbe';
import type { PassOption } from './passes';
import { isPossible } from './possible';
import type { StateOption } from './stateCosts';

/** What is to be measured, single changes first, cuts with names before those that budgets lead to. */
export function wantedTimes(passes: readonly PassOption[], states: readonly StateOption[]): Wanted {
  const ways = new Map([...passes.filter(({ segments }) => segments === undefined), ...passes].map(({ way }) => [wayKey(way), way]));
  const count = ({ change }: StateOption) => Object.keys(change).length;
  return { ways: [...ways.values()], stores: [...states].sort((a, b) => count(a) - count(b)).map(({ settings }) => ({ ...settings, microbatch: null })).filter(isPossible) };
}

export function timedPasses(passes: readonly PassOption[], { plain, share }: StepTimes, meanExamples: number): PassOption[] {
  return passes.map(pass => {
    const measured = share(pass.way);
    const plainMs = pass.slices * plain.fixedMs + meanExamples * plain.msAnExample;
    return { ...pass, plainMs, ms: plainMs * (measured ?? pass.ms / pass.plainMs), isTimed: measured !== undefined };
  });
}

/** `passRatio`: measured milliseconds for one nominal one of passes, where not even the given way to store was measured. */
export function timedStates(states: readonly StateOption[], given: Settings, { store }: StepTimes, passRatio: number): StateOption[] {
  const own = store(given);
  const [nominal] = states;
  const ratio = own === undefined || nominal === undefined ? passRatio : (own.collectMs + own.updateMs) / (nominal.collectMs + nominal.updateMs);
  return states.map(state => {
    const { lendMs, collectMs, updateMs } = state;
    const measured = store(state.settings);
    return measured === undefined ? { ...state, lendMs: ratio * lendMs, collectMs: ratio * collectMs, updateMs: ratio * updateMs } : { ...state, ...measured, isTimed: true };
  });
}
