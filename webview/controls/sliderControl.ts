/**
 * The slider and the number box of a knob, as one input: while it moves it says so, when it is let go it commits, and
 * Escape takes it back. Arrow keys on the slider commit once they rest. Where a knob accepts null, that is the stop beyond
 * the largest value, and an empty box.
 */
import type { NumberKnob } from '../../src/settings/knob';
import type { LiveKnobName } from '../../src/settings/knobs';
import { element, setAttribute } from '../dom';
import { boxValue, formatSetting, unitOf, valueOfBox } from '../format';
import { Draft } from './draft';
import type { KnobControl, KnobEvents, KnobValue } from './knobControl';
import { nextStop, positionOf, stopsOf, type Stop } from './knobScale';

/** Pixels, as in knobs.css: the thumb's middle never reaches the ends. */
const thumbWidth = 12;
const movingKeys: ReadonlySet<string> = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown']);

export class SliderControl implements KnobControl {
  readonly head: HTMLElement;
  readonly body: HTMLInputElement;
  readonly inputs: readonly HTMLElement[];
  private readonly range: HTMLInputElement;
  private readonly box: HTMLInputElement;
  private readonly stops: readonly Stop[];
  /** What the run has, or was last asked for; undefined before the first. */
  private shown: Stop | undefined;
  private readonly draft = new Draft<Stop>(() => this.commit());
  private movedByKey = false;
  /** After Escape the pointer may still hold the thumb: what it does until it lets go does not count. */
  private ignored = false;

  constructor(private readonly name: LiveKnobName, private readonly entry: NumberKnob, private readonly events: KnobEvents) {
    this.stops = stopsOf(entry);
    this.range = element('input', { type: 'range', min: 0, max: this.stops.length - 1, step: 1, 'aria-label': entry.label });
    this.box = element('input', { type: 'number', min: boxValue(name, entry.min), max: boxValue(name, entry.max), step: 'any', placeholder: entry.nullMeans });
    this.head = element('span', { class: 'box' }, this.box, element('span', { class: 'unit', 'aria-hidden': 'true' }, unitOf(name)));
    this.body = this.range;
    this.inputs = [this.box, this.range];
    this.listenToRange();
    this.listenToBox();
  }

  show(value: KnobValue): void {
    const stop = typeof value === 'number' ? value : null;
    const changed = stop !== this.shown;
    this.shown = stop;
    if (changed && !this.draft.isHeld && !this.box.hasAttribute('aria-invalid')) this.paint(stop);
  }

  disable(disabled: boolean): void {
    this.range.disabled = this.box.disabled = disabled;
    if (disabled && this.draft.isHeld) this.revert();
  }

  private get known(): Stop {
    return this.shown === undefined ? this.entry.default : this.shown;
  }

  private listenToRange(): void {
    const { range } = this;
    range.addEventListener('input', () => {
      const stop = this.stops[Number(range.value)];
      if (this.ignored || stop === undefined) this.paint(this.known);
      else this.move(stop);
    });
    range.addEventListener('change', () => {
      if (this.ignored) this.paint(this.known);
      else if (this.movedByKey) this.draft.settleAtRest();
      else this.commit();
      this.ignored = false;
    });
    range.addEventListener('pointerdown', () => {
      this.movedByKey = this.ignored = false;
      this.events.considered([]);
    });
    range.addEventListener('keydown', ({ key }) => {
      if (movingKeys.has(key)) this.movedByKey = true;
      if (key === 'Enter') this.commit();
      if (key === 'Escape' && this.draft.isHeld) {
        this.ignored = range.matches(':active');
        this.revert();
      }
    });
    range.addEventListener('blur', () => this.commit());
    range.addEventListener('focus', () => { if (range.matches(':focus-visible')) this.events.considered(this.beside(this.known)); });
    range.addEventListener('pointermove', ({ buttons, offsetX }) => {
      if (buttons === 0 && !range.disabled) this.events.considered([this.stopAt(offsetX)]);
    });
    range.addEventListener('pointerleave', () => this.events.considered([]));
  }

  /** The stops that an arrow key reaches from this value. */
  private beside(value: Stop): readonly Stop[] {
    return ([-1, 1] as const).map(direction => nextStop(this.stops, value, direction)).filter(stop => stop !== value);
  }

  /** The stop that a click at this place would choose. */
  private stopAt(x: number): Stop {
    const share = (x - thumbWidth / 2) / Math.max(1, this.range.clientWidth - thumbWidth);
    const place = Math.round(Math.min(1, Math.max(0, share)) * (this.stops.length - 1));
    return this.stops[place] ?? null;
  }

  private listenToBox(): void {
    const { box } = this;
    box.addEventListener('input', () => this.type());
    box.addEventListener('change', () => this.commit());
    box.addEventListener('blur', () => this.draft.isHeld ? this.commit() : this.revert());
    box.addEventListener('keydown', event => {
      if (event.key === 'Enter') this.commit();
      if (event.key === 'Escape') this.revert();
      if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
      event.preventDefault();
      this.move(nextStop(this.stops, this.draft.or(this.known), event.key === 'ArrowUp' ? 1 : -1));
    });
  }

  private type(): void {
    // What is no number at all leaves the text of a number box empty.
    const value = this.box.validity.badInput ? undefined : valueOfBox(this.name, this.box.value);
    if (value !== undefined && isValueOf(this.entry, value)) {
      this.move(value, this.box);
      return;
    }
    this.draft.release();
    setAttribute(this.box, 'aria-invalid', 'true');
    this.events.refused();
  }

  private move(value: Stop, typedIn?: HTMLInputElement): void {
    this.draft.hold(value);
    this.paint(value, typedIn);
    // Keys that rest are soon let go: what the next press does must be known before it.
    this.events.moved(value, this.movedByKey ? this.beside(value) : []);
  }

  private commit(): void {
    this.movedByKey = false;
    const held = this.draft.release();
    if (held === undefined) return;
    this.paint(held.value);
    if (held.value === this.shown) this.events.reverted();
    else this.events.committed(held.value);
  }

  private revert(): void {
    this.movedByKey = false;
    this.draft.release();
    this.paint(this.known);
    this.events.reverted();
  }

  /** Leaves alone the box that is being typed in. */
  private paint(value: Stop, typedIn?: HTMLInputElement): void {
    const position = positionOf(this.stops, value, this.entry.scale);
    this.range.value = String(position);
    // A knob that is off fills nothing, wherever its thumb is.
    this.range.style.setProperty('--fill', `${value === null ? 0 : position / (this.stops.length - 1) * 100}%`);
    setAttribute(this.range, 'aria-valuetext', formatSetting(this.name, value));
    setAttribute(this.box, 'aria-invalid', undefined);
    if (typedIn !== this.box) this.box.value = value === null ? '' : boxValue(this.name, value);
  }
}

function isValueOf({ min, max, integer }: NumberKnob, value: Stop): boolean {
  return value === null || (value >= min && value <= max && (integer !== true || Number.isInteger(value)));
}
