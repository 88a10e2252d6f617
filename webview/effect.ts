/** What a change would do to the bytes it is made for: those of activations for a knob of memory, or else those of the optimizer's state. */
import { formatByteChange } from '../src/protocol/format';
import type { RunState } from '../src/protocol/runState';
import { sectionOf, type LiveKnobName } from '../src/settings/knobs';
import { predictActivations } from './activationPrediction';
import { predict } from './prediction';

export interface Effect {
  /** Bytes more, or fewer; undefined where nothing can be said. */
  readonly delta: number | undefined;
  /** `state −341 KiB`, `activations about −12 MiB`, `same state size`; empty where nothing can be said. */
  readonly words: string;
}

export function effectOf(name: LiveKnobName, value: unknown, state: RunState): Effect {
  const change = { [name]: value };
  if (sectionOf(name) === 'memory') {
    const delta = predictActivations(state, change);
    return { delta, words: delta === undefined ? '' : delta === 0 ? 'same activations' : `activations about ${formatByteChange(delta)}` };
  }
  const delta = predict(state, change)?.delta;
  return { delta, words: delta === undefined ? '' : delta === 0 ? 'same state size' : `state ${formatByteChange(delta)}` };
}
