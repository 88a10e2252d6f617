/**
 * The texts of a snapshot, in lower case and in the order of names. To put tens of thousands of them in order takes longer than a frame: it is
 * done in the idle time after the first paint, or at once where the order is asked for before.
 */
import { compareNames } from './nameOrder';

export class TextOrder {
  readonly lower: readonly string[];
  private readonly sorting: Generator<undefined, Uint32Array, undefined>;
  private sorted: Uint32Array | undefined;

  constructor(texts: readonly string[]) {
    this.lower = texts.map(text => text.toLowerCase());
    this.sorting = placesOf(this.lower);
  }

  /** By text: how many come before it. */
  get places(): Uint32Array {
    while (this.sorted === undefined) this.advance();
    return this.sorted;
  }

  /** A small part of what is left to do; false where nothing is. */
  advance(): boolean {
    if (this.sorted !== undefined) return false;
    const { done, value } = this.sorting.next();
    if (done === true) this.sorted = value;
    return this.sorted === undefined;
  }
}

/** Does a little in each idle moment, until all is done. */
export function sortWhenIdle(order: TextOrder): void {
  requestIdleCallback(deadline => {
    while (deadline.timeRemaining() > 1) if (!order.advance()) return;
    sortWhenIdle(order);
  });
}

/** Runs of two, merged from runs of one, then of four, and so on; pauses after each merge. */
function* placesOf(texts: readonly string[]): Generator<undefined, Uint32Array, undefined> {
  let [sorted, next] = [Uint32Array.from(texts.keys()), new Uint32Array(texts.length)];
  for (let run = 1; run < texts.length; run *= 2) {
    for (let start = 0; start < texts.length; start += 2 * run) {
      merge(texts, sorted, next, start, Math.min(start + run, texts.length), Math.min(start + 2 * run, texts.length));
      yield;
    }
    [sorted, next] = [next, sorted];
  }
  sorted.forEach((text, place) => { next[text] = place; });
  return next;
}

function merge(texts: readonly string[], from: Uint32Array, to: Uint32Array, start: number, middle: number, end: number): void {
  const nameAt = (at: number) => texts[from[at] ?? 0] ?? '';
  for (let at = start, left = start, right = middle; at < end; at++) {
    const isLeft = right >= end || (left < middle && compareNames(nameAt(left), nameAt(right)) <= 0);
    to[at] = from[isLeft ? left++ : right++] ?? 0;
  }
}
