/** A knob that is on or off, as a box to tick; a click commits at once. */
import { element } from '../dom';
import type { KnobControl, KnobEvents, KnobValue } from './knobControl';

export class SwitchControl implements KnobControl {
  readonly head: HTMLInputElement;
  readonly inputs: readonly HTMLElement[];

  constructor(events: KnobEvents) {
    this.head = element('input', { type: 'checkbox' });
    this.inputs = [this.head];
    this.head.addEventListener('change', () => events.committed(this.head.checked));
    for (const enter of ['pointerenter', 'focus']) this.head.addEventListener(enter, () => events.considered([!this.head.checked]));
    for (const leave of ['pointerleave', 'blur', 'change']) this.head.addEventListener(leave, () => events.considered([]));
  }

  show(value: KnobValue): void {
    this.head.checked = value === true;
  }

  disable(disabled: boolean): void {
    this.head.disabled = disabled;
  }
}
