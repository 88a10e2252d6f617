/** What a knob is: its kind, its range, its default, who reads it and what a change of it does. */
import type { Optimizer } from './optimizers';

/**
 * What a change made during a run does: `nextStep` is read by the next step; `remapState` also reshapes the optimizer's
 * state in place, keeping its history; `newRun` is refused while a run goes on.
 */
export type Applies = 'nextStep' | 'remapState' | 'newRun';

interface KnobBase {
  readonly label: string;
  readonly help: string;
  readonly applies: Applies;
  /** The optimizers that read this knob; absent means that every run reads it. What else it depends on stands in isRead.ts. */
  readonly usedBy?: readonly Optimizer[];
}

export interface NumberKnob extends KnobBase {
  readonly kind: 'number';
  readonly default: number | null;
  /** Where an optimizer needs another default. */
  readonly defaultFor?: Partial<Record<Optimizer, number>>;
  readonly min: number;
  readonly max: number;
  /** Where an optimizer allows less. */
  readonly maxFor?: Partial<Record<Optimizer, number>>;
  readonly integer?: true;
  readonly scale: 'linear' | 'log';
  /** Where a logarithmic slider leaves zero: its first position is 0, its second this value. Needed when `min` is 0. */
  readonly smallest?: number;
  /** What `null` means, for knobs that accept it. */
  readonly nullMeans?: string;
}

export interface ChoiceKnob extends KnobBase {
  readonly kind: 'choice';
  readonly default: string | number;
  readonly defaultFor?: Partial<Record<Optimizer, string | number>>;
  readonly options: readonly (string | number)[];
}

export interface SwitchKnob extends KnobBase {
  readonly kind: 'switch';
  readonly default: boolean;
}

/** A list of parameter groups. */
export interface GroupsKnob extends KnobBase {
  readonly kind: 'groups';
  readonly default: readonly never[];
}

/** A list of names, each once. */
export interface NamesKnob extends KnobBase {
  readonly kind: 'names';
  readonly default: readonly never[];
  /** What is named, in the plural. */
  readonly of: string;
}

/** The path of a file; null where there is none. One in a run file starts at that file. */
export interface PathKnob extends KnobBase {
  readonly kind: 'path';
  readonly default: null;
  /** What the path is that of. */
  readonly holds: string;
  readonly nullMeans: string;
}

export type Knob = NumberKnob | ChoiceKnob | SwitchKnob | GroupsKnob | NamesKnob | PathKnob;
