/** One way to set some knobs: what differs from the given settings, and what that may do to the result. */
import { risks, type Risk } from '../protocol/plan';
import type { Settings } from '../settings/knobs';

export interface Option {
  readonly change: Partial<Settings>;
  readonly risk: Risk;
  /** How often a share, a count or a number of bits is halved: what orders options of one risk. */
  readonly halvings: number;
}

export const asGiven: Option = { change: {}, risk: 'same', halvings: 0 };

export function riskier(a: Risk, b: Risk): Risk {
  return risks.indexOf(a) < risks.indexOf(b) ? b : a;
}

export function isWithin(risk: Risk, most: Risk): boolean {
  return risks.indexOf(risk) <= risks.indexOf(most);
}

/** None where it is not less. */
export function halvingsBetween(before: number, after: number): number {
  return Math.max(0, Math.log2(before / after));
}

export function joined(a: Option, b: Option): Option {
  return { change: { ...a.change, ...b.change }, risk: riskier(a.risk, b.risk), halvings: a.halvings + b.halvings };
}

/** One of each list, in all ways; changes of later lists stand over those of earlier ones. */
export function combined(lists: readonly (readonly Option[])[]): Option[] {
  return lists.reduce<Option[]>((all, list) => all.flatMap(before => list.map(next => joined(before, next))), [asGiven]);
}

/** Options that leave no setting as it was, so that each is one more way than the given one. */
export function differing(given: Settings, options: readonly Option[]): Option[] {
  return options.filter(({ change }) => Object.entries(change).some(([name, value]) => given[name as keyof Settings] !== value));
}
