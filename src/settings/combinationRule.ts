/** One reason for which settings that are right each by itself cannot stand together. */
import type { KnobName, Settings } from './knobs';

export interface Rule {
  /** The settings that it compares, the one to blame first. */
  readonly between: readonly [KnobName, ...KnobName[]];
  /** What is wrong, in a sentence or two with the remedy; undefined where nothing is. */
  readonly judge: (settings: Settings) => string | undefined;
}

export const says = (settings: Settings, name: KnobName) => `${name} is ${JSON.stringify(settings[name])}`;

export const oneOf = (names: readonly string[]) => names.length === 1 ? `"${names[0] ?? ''}"` : `one of ${names.join(', ')}`;
