/** The most that a number may be in one run, where that is less than what the table of knobs allows. */
import { cutsByTokens } from './dataFit';
import type { NumberKnob } from './knob';
import type { KnobName, Settings } from './knobs';

export function mostOf(name: KnobName, { max, maxFor }: NumberKnob, settings: Pick<Settings, 'optimizer' | 'batchSize' | 'batchTokens' | 'data'>): number {
  if (name === 'microbatch') return cutsByTokens(settings) ? max : Math.min(max, settings.batchSize);
  return maxFor?.[settings.optimizer] ?? max;
}
