/** The line under a slider: what a change would cost or waits for; the ends of the range while there is nothing to say. */
import { formatByteChange } from '../../src/protocol/format';
import type { RunState } from '../../src/protocol/runState';
import type { LiveKnobName, NumberKnob } from '../../src/settings/knobs';
import { element, setAttribute, setText } from '../dom';
import { formatSetting } from '../format';
import { predict } from '../prediction';

export interface Note {
  readonly kind: 'prediction' | 'pending' | 'refusal';
  readonly text: string;
  /** Raw number behind the text: bytes of a prediction, the value that is waited for. */
  readonly value?: number | undefined;
}

export interface KnobNote {
  readonly element: HTMLElement;
  show(note: Note | undefined): void;
}

export function createKnobNote(name: LiveKnobName, { min, max }: NumberKnob): KnobNote {
  const words = element('span', { class: 'words' });
  const ends = [min, max].map(end => element('span', { class: 'end', 'aria-hidden': 'true' }, formatSetting(name, end)));
  const line = element('div', { class: 'note' }, ...ends, words);
  return {
    element: line,
    show: note => {
      for (const end of ends) end.hidden = note !== undefined;
      words.hidden = note === undefined;
      setText(words, note?.text ?? '');
      setAttribute(line, 'data-kind', note?.kind);
      for (const kind of ['prediction', 'pending'] as const) setAttribute(words, `data-${kind}`, note?.kind === kind);
      setAttribute(words, 'data-value', note?.value);
    },
  };
}

export function predictionNote(name: LiveKnobName, value: number, state: RunState): Note {
  const delta = predict(state, { [name]: value })?.delta;
  return { kind: 'prediction', text: changeInWords(name, value, state, delta), value: delta };
}

export function pendingNote(name: LiveKnobName, value: number, state: RunState): Note {
  const delta = predict(state, { [name]: value })?.delta;
  return { kind: 'pending', text: `pending ${changeInWords(name, value, state, delta)}`, value };
}

export function refusalNote(name: LiveKnobName, { label, integer, min, max }: NumberKnob): Note {
  return { kind: 'refusal', text: `${label} is ${integer ? 'a whole number ' : ''}from ${formatSetting(name, min)} to ${formatSetting(name, max)}.` };
}

/** `1 % → 0.25 %: state −341 KiB` */
function changeInWords(name: LiveKnobName, value: number, { settings }: RunState, delta: number | undefined): string {
  const change = `${formatSetting(name, settings[name])} → ${formatSetting(name, value)}`;
  if (delta === undefined) return change;
  return `${change}: ${delta === 0 ? 'same state size' : `state ${formatByteChange(delta)}`}`;
}
