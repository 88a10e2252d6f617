/** What follows from the table of knobs: the types of settings, their defaults, and who reads what. */
import type { Knob } from './knob';
import { knobs, sections, type Section } from './knobTable';
import type { Optimizer } from './optimizers';
import type { ParameterGroup } from './parameterGroups';

export type KnobName = keyof typeof knobs;
export const knobNames = Object.keys(knobs) as KnobName[];

type ValueOf<K> =
  K extends { kind: 'number'; nullMeans: string } ? number | null :
  K extends { kind: 'number' } ? number :
  K extends { kind: 'switch' } ? boolean :
  K extends { kind: 'groups' } ? readonly ParameterGroup[] :
  K extends { kind: 'names' } ? readonly string[] :
  K extends { kind: 'path' } ? string | null :
  K extends { kind: 'choice'; options: readonly (infer Option)[] } ? Option : never;

/** Everything a run is made from: one value per knob. */
export type Settings = { readonly [Name in KnobName]: ValueOf<(typeof knobs)[Name]> };

type Named<Value> = { [Name in KnobName]: (typeof knobs)[Name]['applies'] extends Value ? Name : never }[KnobName];

/** The knobs that can be turned while a run goes on. */
export type LiveKnobName = Named<'nextStep' | 'remapState'>;
export type LiveSettings = Pick<Settings, LiveKnobName>;

/** The table seen through its widest type, for code that treats all knobs alike. */
export function knob(name: KnobName): Knob {
  return knobs[name];
}

/** The section that a knob stands in; undefined for a name that is no knob's. */
export function sectionOf(name: string): Section | undefined {
  return (Object.keys(sections) as Section[]).find(section => Object.hasOwn(sections[section], name));
}

/** What an optimizer starts from where nothing is said. */
export function defaultOf(name: KnobName, optimizer: Optimizer): Settings[KnobName] {
  const entry = knob(name);
  return (('defaultFor' in entry ? entry.defaultFor[optimizer] : undefined) ?? entry.default);
}

export function defaultsFor(optimizer: Optimizer): Settings {
  return { ...Object.fromEntries(knobNames.map(name => [name, defaultOf(name, optimizer)])) as Settings, optimizer };
}

export const defaults = defaultsFor(knobs.optimizer.default);

export function isLive(name: KnobName): name is LiveKnobName {
  return knob(name).applies !== 'newRun';
}

export function isUsedBy(name: KnobName, optimizer: Optimizer): boolean {
  return knob(name).usedBy?.includes(optimizer) ?? true;
}
