/** The most that a number may be in one run, where that is less than what the table of knobs allows. */
import type { NumberKnob } from './knob';
import type { KnobName, Settings } from './knobs';

export function mostOf(name: KnobName, { max, maxFor }: NumberKnob, { optimizer, batchSize }: Pick<Settings, 'optimizer' | 'batchSize'>): number {
  return name === 'microbatch' ? Math.min(max, batchSize) : maxFor?.[optimizer] ?? max;
}
