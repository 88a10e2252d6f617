/**
 * The slider and the number box of a knob, as one input: while it moves it says so, when it is let go it commits, and
 * Escape takes it back. Arrow keys on the slider commit once they rest, so that a held key asks for one change, not thirty.
 */
import type { LiveKnobName, NumberKnob } from '../../src/settings/knobs';
import { element, setAttribute } from '../dom';
import { boxValue, formatSetting, valueOfBox } from '../format';
import { nextStop, positionOf, stopsOf } from './knobScale';

/** How long the arrow keys must rest. */
const keyRestMs = 400;
const movingKeys: ReadonlySet<string> = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown']);

export interface KnobEvents {
  /** The value under the hand, not yet let go. */
  moved(value: number): void;
  committed(value: number): void;
  reverted(): void;
  /** Something was typed that is no value of this knob. */
  refused(): void;
}

export class KnobInputs {
  readonly range: HTMLInputElement;
  readonly box: HTMLInputElement;
  private readonly stops: readonly number[];
  /** What the run has, or was last asked for. */
  private shown = Number.NaN;
  /** What the hand holds. */
  private draft: number | undefined;
  private rest: ReturnType<typeof setTimeout> | undefined;
  private movedByKey = false;
  /** After Escape the pointer may still hold the thumb: what it does until it lets go does not count. */
  private ignored = false;

  constructor(private readonly name: LiveKnobName, private readonly entry: NumberKnob, private readonly events: KnobEvents) {
    this.stops = stopsOf(entry);
    this.range = element('input', { type: 'range', min: 0, max: this.stops.length - 1, step: 1 });
    this.box = element('input', { type: 'number', min: boxValue(name, entry.min), max: boxValue(name, entry.max), step: 'any' });
    this.listenToRange();
    this.listenToBox();
  }

  /** Shows a value, unless the user is moving or typing one. */
  show(value: number): void {
    const changed = value !== this.shown;
    this.shown = value;
    if (changed && this.draft === undefined && !this.box.hasAttribute('aria-invalid')) this.paint(value);
  }

  disable(disabled: boolean): void {
    this.range.disabled = this.box.disabled = disabled;
    if (disabled && this.draft !== undefined) this.revert();
  }

  private listenToRange(): void {
    const { range } = this;
    range.addEventListener('input', () => this.ignored ? this.paint(this.shown) : this.move(this.stops[Number(range.value)] ?? this.shown));
    range.addEventListener('change', () => {
      if (this.ignored) this.paint(this.shown);
      else if (this.movedByKey) this.commitAtRest();
      else this.commit();
      this.ignored = false;
    });
    range.addEventListener('pointerdown', () => { this.movedByKey = this.ignored = false; });
    range.addEventListener('keydown', ({ key }) => {
      if (movingKeys.has(key)) this.movedByKey = true;
      if (key === 'Enter') this.commit();
      if (key === 'Escape' && this.draft !== undefined) {
        this.ignored = range.matches(':active');
        this.revert();
      }
    });
    range.addEventListener('blur', () => this.commit());
  }

  private listenToBox(): void {
    const { box } = this;
    box.addEventListener('input', () => this.type());
    box.addEventListener('change', () => this.commit());
    box.addEventListener('blur', () => this.draft === undefined ? this.revert() : this.commit());
    box.addEventListener('keydown', event => {
      if (event.key === 'Enter') this.commit();
      if (event.key === 'Escape') this.revert();
      if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
      event.preventDefault();
      this.move(nextStop(this.stops, this.draft ?? this.shown, event.key === 'ArrowUp' ? 1 : -1));
    });
  }

  private type(): void {
    const value = valueOfBox(this.name, this.box.value);
    if (value !== undefined && isValueOf(this.entry, value)) {
      this.move(value, this.box);
      return;
    }
    this.draft = undefined;
    setAttribute(this.box, 'aria-invalid', 'true');
    this.events.refused();
  }

  private move(value: number, typedIn?: HTMLInputElement): void {
    clearTimeout(this.rest);
    this.draft = value;
    this.paint(value, typedIn);
    this.events.moved(value);
  }

  private commitAtRest(): void {
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.commit(), keyRestMs);
  }

  private commit(): void {
    const value = this.release();
    if (value === undefined) return;
    this.paint(value);
    if (value === this.shown) this.events.reverted();
    else this.events.committed(value);
  }

  private revert(): void {
    this.release();
    this.paint(this.shown);
    this.events.reverted();
  }

  private release(): number | undefined {
    clearTimeout(this.rest);
    const value = this.draft;
    this.draft = undefined;
    this.movedByKey = false;
    return value;
  }

  /** Leaves alone the box that is being typed in. */
  private paint(value: number, typedIn?: HTMLInputElement): void {
    const position = positionOf(this.stops, value, this.entry.scale);
    this.range.value = String(position);
    this.range.style.setProperty('--fill', `${position / (this.stops.length - 1) * 100}%`);
    setAttribute(this.range, 'aria-valuetext', formatSetting(this.name, value));
    setAttribute(this.box, 'aria-invalid', undefined);
    if (typedIn !== this.box) this.box.value = boxValue(this.name, value);
  }
}

function isValueOf({ min, max, integer }: NumberKnob, value: number): boolean {
  return value >= min && value <= max && (integer !== true || Number.isInteger(value));
}
