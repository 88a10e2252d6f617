/**
 * What values that nobody has chosen yet would do to a step: asked of the host once the hand rests on them, remembered until the run's
 * settings change.
 */
import type { PlanningMessage } from '../../src/protocol/panel';
import type { Forecast } from '../../src/protocol/runEvents';
import type { RunState } from '../../src/protocol/runState';
import type { Post } from '../vscodeApi';

export type Change = Readonly<Record<string, unknown>>;
/** `waiting` for the host; a forecast; or in words why there is none. */
export type ForecastAnswer = 'waiting' | { readonly forecast: Forecast } | { readonly why: string };

/** Milliseconds that a hand must rest, so that a slider that is crossed asks for nothing. */
const restMs = 120;

export class Forecasts {
  private readonly answers = new Map<string, ForecastAnswer>();
  private asked: { readonly id: number; readonly keys: readonly string[] } | undefined;
  private settings: string | undefined;
  private lastId = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `changed` is called when something was answered. */
  constructor(private readonly post: Post, private readonly changed: () => void) {}

  /** What is known of a change; undefined where nobody has asked. */
  of(change: Change): ForecastAnswer | undefined {
    return this.answers.get(JSON.stringify(change));
  }

  /** Of the run's settings as they are now: what was said under others no longer holds. */
  follow({ settings }: RunState): void {
    const key = JSON.stringify(settings);
    if (key === this.settings) return;
    this.settings = key;
    this.answers.clear();
    this.asked = undefined;
  }

  /** Asks for changes, each by itself, once no others are wished for. */
  wish(changes: readonly Change[]): void {
    const unknown = changes.filter(change => this.of(change) === undefined || this.of(change) === 'waiting');
    clearTimeout(this.timer);
    if (unknown.length === 0) return;
    const keys = unknown.map(change => JSON.stringify(change));
    if (this.asked !== undefined && keys.every(key => this.asked?.keys.includes(key))) return;
    this.timer = setTimeout(() => this.ask(unknown, keys), restMs);
  }

  receive({ id, index, forecast, why }: Extract<PlanningMessage, { type: 'forecast' }>): void {
    const key = this.asked?.id === id ? this.asked.keys[index] : undefined;
    if (key === undefined) return;
    this.answers.set(key, forecast === undefined ? { why: why ?? 'nothing is known' } : { forecast });
    this.changed();
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private ask(changes: readonly Change[], keys: readonly string[]): void {
    // What was asked before and not answered is not going to be.
    for (const [key, answer] of this.answers) if (answer === 'waiting') this.answers.delete(key);
    const id = ++this.lastId;
    this.asked = { id, keys };
    for (const key of keys) this.answers.set(key, 'waiting');
    this.post({ type: 'forecast', id, alternatives: changes.map(change => ({ ...change })) });
    this.changed();
  }
}

/** The forecast of a change where it is known. */
export function knownForecast(answer: ForecastAnswer | undefined): Forecast | undefined {
  return typeof answer === 'object' && 'forecast' in answer ? answer.forecast : undefined;
}
