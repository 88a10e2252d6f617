/** A knob that is a list of names, as a line of text with commas between them: Enter or leaving the line commits, Escape takes it back. */
import type { NamesKnob } from '../../src/settings/knob';
import { element } from '../dom';
import { Draft } from './draft';
import type { KnobControl, KnobEvents, KnobValue } from './knobControl';

export class NamesControl implements KnobControl {
  readonly head = element('span');
  readonly body: HTMLInputElement;
  readonly inputs: readonly HTMLElement[];
  private shown = '';
  private readonly draft = new Draft<readonly string[]>(() => this.commit());

  constructor(entry: NamesKnob, private readonly events: KnobEvents) {
    this.body = element('input', { type: 'text', placeholder: `no ${entry.of}; commas between several`, spellcheck: 'false', autocomplete: 'off' });
    this.inputs = [this.body];
    this.body.addEventListener('input', () => {
      const names = namesIn(this.body.value);
      this.draft.hold(names);
      this.events.moved(names);
    });
    this.body.addEventListener('keydown', ({ key }) => {
      if (key === 'Enter') this.commit();
      if (key === 'Escape') this.revert();
    });
    this.body.addEventListener('blur', () => this.commit());
  }

  show(value: KnobValue): void {
    const text = Array.isArray(value) ? value.join(', ') : '';
    if (text !== this.shown && !this.draft.isHeld) this.body.value = text;
    this.shown = text;
  }

  disable(disabled: boolean): void {
    this.body.disabled = disabled;
    if (disabled && this.draft.isHeld) this.revert();
  }

  private commit(): void {
    const held = this.draft.release();
    if (held === undefined) return;
    this.body.value = held.value.join(', ');
    if (this.body.value === this.shown) this.events.reverted();
    else this.events.committed(held.value);
  }

  private revert(): void {
    this.draft.release();
    this.body.value = this.shown;
    this.events.reverted();
  }
}

/** Each once, in order. */
export function namesIn(text: string): readonly string[] {
  return [...new Set(text.split(',').map(name => name.trim()).filter(name => name !== ''))];
}
