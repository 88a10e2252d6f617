/** A knob that can be turned while the run goes on: its inputs, and the note that says what turning it does. */
import { isOver, type RunState, type RunStatus } from '../../src/protocol/runState';
import type { LiveKnobName, NumberKnob } from '../../src/settings/knobs';
import type { Component } from '../component';
import { element, setAttribute } from '../dom';
import { unitOf } from '../format';
import type { View } from '../store';
import type { Post } from '../vscodeApi';
import { KnobInputs } from './knobInputs';
import { createKnobNote, pendingNote, predictionNote, refusalNote, type KnobNote, type Note } from './knobNote';
import { ask, isUnanswered, pendingValue, type Asked } from './pendingValue';

/** What the hand is doing. */
type Hand = { readonly moves: number } | 'typesNoValue' | 'rests';

export class KnobRow implements Component {
  readonly element: HTMLElement;
  private readonly inputs: KnobInputs;
  private readonly note: KnobNote;
  private state: RunState | undefined;
  private hand: Hand = 'rests';
  private asked: Asked | undefined;

  constructor(private readonly name: LiveKnobName, private readonly entry: NumberKnob, private readonly post: Post) {
    this.inputs = new KnobInputs(name, entry, {
      moved: value => this.turn({ moves: value }),
      reverted: () => this.turn('rests'),
      refused: () => this.turn('typesNoValue'),
      committed: value => this.commit(value),
    });
    this.note = createKnobNote(name, entry);
    this.element = arrange(name, entry, this.inputs, this.note);
  }

  render({ state }: View): void {
    this.state = state;
    this.follow(state);
  }

  private follow(state: RunState): void {
    if (this.asked !== undefined && !isUnanswered(this.name, state, this.asked)) this.asked = undefined;
    const pending = pendingValue(this.name, state, this.asked);
    this.inputs.show(pending ?? state.settings[this.name]);
    this.inputs.disable(!isTurnable(state.status));
    setAttribute(this.element, 'data-value', state.settings[this.name]);
    this.note.show(this.noteOf(state, pending));
  }

  private commit(value: number): void {
    if (this.state !== undefined) this.asked = ask(value, this.state);
    this.post({ type: 'change', settings: { [this.name]: value } });
    this.turn('rests');
  }

  private turn(hand: Hand): void {
    this.hand = hand;
    if (this.state !== undefined) this.follow(this.state);
  }

  private noteOf(state: RunState, pending: number | undefined): Note | undefined {
    if (this.hand === 'typesNoValue') return refusalNote(this.name, this.entry);
    if (this.hand !== 'rests') return predictionNote(this.name, this.hand.moves, state);
    return pending === undefined ? undefined : pendingNote(this.name, pending, state);
  }
}

function isTurnable(status: RunStatus): boolean {
  return !isOver(status) && status !== 'starting' && status !== 'stopping';
}

function arrange(name: LiveKnobName, { label, help }: NumberKnob, { range, box }: KnobInputs, note: KnobNote): HTMLElement {
  const [boxId, helpId] = [`${name}-box`, `${name}-help`];
  setAttribute(box, 'id', boxId);
  for (const input of [range, box]) setAttribute(input, 'aria-describedby', helpId);
  setAttribute(range, 'aria-label', label);
  return element('div', { class: 'knob', 'data-knob': name },
    element('label', { for: boxId, title: help }, label),
    element('span', { class: 'box' }, box, element('span', { class: 'unit', 'aria-hidden': 'true' }, unitOf(name))),
    range, note.element, element('span', { id: helpId, class: 'unseen' }, help));
}
