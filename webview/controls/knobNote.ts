/** The line under a knob: what a change would cost or waits for; the ends of a slider while there is nothing to say. */
import { formatCount } from '../../src/protocol/format';
import type { RunState } from '../../src/protocol/runState';
import type { NumberKnob } from '../../src/settings/knob';
import type { LiveKnobName } from '../../src/settings/knobs';
import { element, setAttribute, setText } from '../dom';
import { effectOf } from '../effect';
import { formatSetting } from '../format';
import type { ForecastAnswer } from '../planning/forecasts';
import type { TurnableKnob } from './createControl';
import type { ForecastOf, KnobValue } from './knobControl';

export interface Note {
  readonly kind: 'prediction' | 'pending' | 'refusal';
  readonly text: string;
  /** Raw value behind the text: bytes of a prediction, the value that is waited for. */
  readonly value?: KnobValue | undefined;
  /** Why no more is said. */
  readonly title?: string;
}

export interface KnobNote {
  readonly element: HTMLElement;
  show(note: Note | undefined): void;
}

export function createKnobNote(name: LiveKnobName, entry: TurnableKnob): KnobNote {
  const words = element('span', { class: 'words' });
  const ends = endsOf(name, entry).map(end => element('span', { class: 'end', 'aria-hidden': 'true' }, end));
  const line = element('div', { class: 'note' }, ...ends, words);
  return {
    element: line,
    show: note => {
      for (const end of ends) end.hidden = note !== undefined;
      words.hidden = note === undefined;
      setText(words, note?.text ?? '');
      setAttribute(line, 'data-kind', note?.kind);
      for (const kind of ['prediction', 'pending'] as const) setAttribute(words, `data-${kind}`, note?.kind === kind);
      setAttribute(words, 'title', note?.title);
      setAttribute(words, 'data-value', note?.value === undefined ? undefined : String(note.value));
    },
  };
}

function endsOf(name: LiveKnobName, entry: TurnableKnob): readonly string[] {
  if (entry.kind !== 'number') return [];
  const [least, most] = [entry.min, entry.max].map(end => entry.integer ? formatCount(end) : formatSetting(name, end));
  return [least ?? '', entry.nullMeans ?? most ?? ''];
}

export function predictionNote(name: LiveKnobName, value: KnobValue, state: RunState, forecastOf: ForecastOf): Note {
  const answer = forecastOf(value);
  const why = typeof answer === 'object' && 'why' in answer ? answer.why : undefined;
  const text = changeInWords(name, value, state, answer, why === undefined ? [] : ['no forecast']);
  return { kind: 'prediction', text, value: effectOf(name, value, state, answer).delta, ...(why === undefined ? {} : { title: why }) };
}

export function pendingNote(name: LiveKnobName, value: KnobValue, state: RunState): Note {
  return { kind: 'pending', text: `pending ${changeInWords(name, value, state, undefined)}`, value };
}

export function refusalNote(name: LiveKnobName, { label, integer, min, max, nullMeans }: NumberKnob): Note {
  const range = `${integer ? 'a whole number ' : ''}from ${formatSetting(name, min)} to ${formatSetting(name, max)}`;
  return { kind: 'refusal', text: `${label} is ${range}${nullMeans === undefined ? '' : `; empty: ${nullMeans}`}.` };
}

/** `1 % → 0.25 %: state −341 KiB, peak −345 KiB, step −1 %` */
function changeInWords(name: LiveKnobName, value: KnobValue, state: RunState, answer: ForecastAnswer | undefined, more: readonly string[] = []): string {
  const words = [effectOf(name, value, state, answer).words, ...more].filter(each => each !== '').join(', ');
  return `${formatSetting(name, state.settings[name])} → ${formatSetting(name, value)}${words === '' ? '' : `: ${words}`}`;
}
