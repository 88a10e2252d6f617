/** What the input of a knob says and is told, whatever it looks like. */
import type { RunState } from '../../src/protocol/runState';
import type { ForecastAnswer } from '../planning/forecasts';

export type KnobValue = number | string | boolean | readonly string[] | null;

/** What is known of a value of the knob. */
export type ForecastOf = (value: KnobValue) => ForecastAnswer | undefined;

export interface KnobEvents {
  /** The value under the hand, not yet let go; and those that it may reach next. */
  moved(value: KnobValue, next?: readonly KnobValue[]): void;
  /** The values under the pointer or the focus, not touched yet; none where it left. */
  considered(values: readonly KnobValue[]): void;
  committed(value: KnobValue): void;
  reverted(): void;
  /** Something was typed that is no value of this knob. */
  refused(): void;
}

export interface KnobControl {
  /** Beside the label. */
  readonly head: HTMLElement;
  /** Under the label, where there is more. */
  readonly body?: HTMLElement;
  /** What takes the focus; the first is what the label names. */
  readonly inputs: readonly HTMLElement[];
  /** Shows a value, unless the user is moving or typing one. */
  show(value: KnobValue, state: RunState, forecastOf: ForecastOf): void;
  disable(disabled: boolean): void;
}
