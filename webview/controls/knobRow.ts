/** A knob that can be turned while the run goes on: its control, and the note that says what turning it does. */
import { isOver, type RunState, type RunStatus } from '../../src/protocol/runState';
import type { LiveKnobName } from '../../src/settings/knobs';
import type { Component } from '../component';
import { element, setAttribute } from '../dom';
import type { View } from '../store';
import { knownForecast, type Forecasts } from '../planning/forecasts';
import type { Post } from '../vscodeApi';
import { createControl, type TurnableKnob } from './createControl';
import type { KnobControl, KnobEvents, KnobValue } from './knobControl';
import { createKnobNote, pendingNote, predictionNote, refusalNote, type KnobNote, type Note } from './knobNote';
import { ask, isUnanswered, pendingValue, type Asked } from './pendingValue';

/** What the hand is doing. */
type Hand = { readonly moves: KnobValue } | 'typesNoValue' | 'rests';

export class KnobRow implements Component {
  readonly element: HTMLElement;
  private readonly control: KnobControl;
  private readonly note: KnobNote;
  private state: RunState | undefined;
  private hand: Hand = 'rests';
  private asked: Asked | undefined;
  /** The value under the pointer or the focus, where it is one. */
  private considered: KnobValue | undefined;
  private readonly forecastOf = (value: KnobValue) => this.forecasts.of({ [this.name]: value });

  constructor(readonly name: LiveKnobName, private readonly entry: TurnableKnob, private readonly post: Post, private readonly forecasts: Forecasts) {
    const events: KnobEvents = {
      moved: (value, next = []) => {
        this.wish([value, ...next]);
        this.turn({ moves: value });
      },
      considered: values => this.consider(values),
      reverted: () => this.turn('rests'),
      refused: () => this.turn('typesNoValue'),
      committed: value => this.commit(value),
    };
    this.control = createControl(name, entry, events);
    this.note = createKnobNote(name, entry);
    this.element = arrange(name, entry, this.control, this.note);
  }

  render({ state }: View): void {
    this.state = state;
    this.follow(state);
  }

  private follow(state: RunState): void {
    if (this.asked !== undefined && !isUnanswered(this.name, state, this.asked)) this.asked = undefined;
    const current = state.settings[this.name];
    const pending = pendingValue(this.name, state, this.asked);
    this.control.show(pending === undefined ? current : pending, state, this.forecastOf);
    this.control.disable(!isTurnable(state.status));
    setAttribute(this.element, 'data-value', String(current));
    this.note.show(this.noteOf(state, pending));
  }

  private commit(value: KnobValue): void {
    if (this.state !== undefined) this.asked = ask(value, this.state);
    const forecast = knownForecast(this.forecastOf(value));
    this.post({ type: 'change', settings: { [this.name]: value }, ...(forecast === undefined ? {} : { forecast }) });
    this.turn('rests');
  }

  private consider(values: readonly KnobValue[]): void {
    this.considered = values.length === 1 ? values[0] : undefined;
    this.wish(values);
    if (this.state !== undefined) this.follow(this.state);
  }

  private wish(values: readonly KnobValue[]): void {
    if (this.state === undefined || !isTurnable(this.state.status)) return;
    const current = this.state.settings[this.name];
    this.forecasts.wish(values.filter(value => !isSame(value, current)).map(value => ({ [this.name]: value })));
  }

  private turn(hand: Hand): void {
    this.hand = hand;
    if (this.state !== undefined) this.follow(this.state);
  }

  private noteOf(state: RunState, pending: KnobValue | undefined): Note | undefined {
    if (this.hand === 'typesNoValue') return this.entry.kind === 'number' ? refusalNote(this.name, this.entry) : undefined;
    if (this.hand !== 'rests') return predictionNote(this.name, this.hand.moves, state, this.forecastOf);
    if (pending !== undefined) return pendingNote(this.name, pending, state);
    const { considered } = this;
    if (considered === undefined || !isTurnable(state.status) || isSame(considered, state.settings[this.name])) return undefined;
    return predictionNote(this.name, considered, state, this.forecastOf);
  }
}

function isSame(value: KnobValue, current: unknown): boolean {
  return JSON.stringify(value) === JSON.stringify(current);
}

function isTurnable(status: RunStatus): boolean {
  return !isOver(status) && status !== 'starting' && status !== 'stopping';
}

function arrange(name: LiveKnobName, { label, help }: TurnableKnob, { head, body, inputs }: KnobControl, note: KnobNote): HTMLElement {
  const [labelled, helpId] = [`${name}-input`, `${name}-help`];
  if (inputs[0] !== undefined) setAttribute(inputs[0], 'id', labelled);
  for (const input of inputs) setAttribute(input, 'aria-describedby', helpId);
  return element('div', { class: 'knob', 'data-knob': name },
    element('label', { for: labelled, title: help }, label),
    head, ...(body === undefined ? [] : [body]), note.element, element('span', { id: helpId, class: 'unseen' }, help));
}
