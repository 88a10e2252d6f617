/**
 * A knob with a few named values, as a list to choose from. Each option says what choosing it would do to the optimizer's state, or
 * to the peak and the time of a step once the host has said that. The pointer commits at once; keys on the closed list commit once they rest, and Escape takes them back.
 */
import type { RunState } from '../../src/protocol/runState';
import type { ChoiceKnob } from '../../src/settings/knob';
import type { LiveKnobName } from '../../src/settings/knobs';
import { element, setText } from '../dom';
import { effectOf } from '../effect';
import { formatSetting } from '../format';
import { Draft } from './draft';
import type { ForecastOf, KnobControl, KnobEvents, KnobValue } from './knobControl';

export class ChoiceControl implements KnobControl {
  readonly head: HTMLSelectElement;
  readonly inputs: readonly HTMLElement[];
  private readonly options: readonly { readonly value: string | number; readonly node: HTMLOptionElement }[];
  private shown: KnobValue | undefined;
  private readonly draft = new Draft<KnobValue>(() => this.commit());
  private movedByKey = false;

  constructor(private readonly name: LiveKnobName, entry: ChoiceKnob, private readonly events: KnobEvents) {
    this.options = entry.options.map(value => ({ value, node: element('option', { value: String(value) }, formatSetting(name, value)) }));
    this.head = element('select', {}, ...this.options.map(({ node }) => node));
    this.inputs = [this.head];
    this.listen();
  }

  show(value: KnobValue, state: RunState, forecastOf: ForecastOf): void {
    const changed = value !== this.shown;
    this.shown = value;
    if (changed && !this.draft.isHeld) this.paint();
    if (state.started !== undefined) this.weigh(state, forecastOf);
  }

  disable(disabled: boolean): void {
    this.head.disabled = disabled;
    if (disabled && this.draft.isHeld) this.revert();
  }

  private listen(): void {
    const { head } = this;
    head.addEventListener('pointerdown', () => { this.movedByKey = false; });
    head.addEventListener('keydown', ({ key }) => {
      this.movedByKey = key !== 'Enter' && key !== ' ';
      if (key === 'Enter') this.commit();
      if (key === 'Escape' && this.draft.isHeld) this.revert();
    });
    head.addEventListener('change', () => {
      const chosen = this.options[head.selectedIndex]?.value;
      if (chosen === undefined) return;
      this.draft.hold(chosen);
      this.events.moved(chosen);
      if (this.movedByKey) this.draft.settleAtRest();
      else this.commit();
    });
    // A list that is open shows all its values at once, and nobody hears over which the pointer is.
    for (const enter of ['pointerenter', 'focus']) head.addEventListener(enter, () => this.events.considered(this.options.map(({ value }) => value)));
    head.addEventListener('blur', () => this.commit());
  }

  private commit(): void {
    const held = this.draft.release();
    if (held === undefined) return;
    if (held.value === this.shown) this.events.reverted();
    else this.events.committed(held.value);
  }

  private revert(): void {
    this.draft.release();
    this.paint();
    this.events.reverted();
  }

  private paint(): void {
    this.head.selectedIndex = this.options.findIndex(({ value }) => value === this.shown);
  }

  private weigh(state: RunState, forecastOf: ForecastOf): void {
    for (const { value, node } of this.options) {
      const words = value === state.settings[this.name] ? '' : optionWords(this.name, value, state, forecastOf);
      setText(node, `${formatSetting(this.name, value)}${words === '' ? '' : ` (${words})`}`);
    }
  }
}

/** Without what says that nothing changes: a closed list is narrow. */
function optionWords(name: LiveKnobName, value: string | number, state: RunState, forecastOf: ForecastOf): string {
  const forecast = forecastOf(value);
  const { delta, words } = effectOf(name, value, state, forecast === 'waiting' ? undefined : forecast);
  return forecast === undefined && delta === 0 ? '' : words;
}
