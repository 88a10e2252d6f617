/**
 * Counts of adjacent pairs of symbols, and the most frequent of them at any time. Pairs wait in a list for the count that they had
 * when it last rose; one whose count has fallen since moves on to its place when its turn comes. Only equally frequent pairs whose
 * turn it is are sorted by their symbols, so a merge costs as much as it changes.
 */
import { compareCodePoints } from './codePointOrder';

export interface PairCount {
  readonly left: number;
  readonly right: number;
  count: number;
  /** Numbers of the words that the pair has been in; it may have gone since, and a word may be named twice. */
  readonly words: number[];
}

/** Two symbols' numbers make one key that a number holds exactly. */
const mostSymbols = 2 ** 26;

export class PairQueue {
  private readonly pairs = new Map<number, PairCount>();
  private readonly risen = new Set<PairCount>();
  /** By count; some of a list may have a lower count by now, or have been handed out. */
  private readonly waiting = new Map<number, PairCount[]>();
  /** Those of the count `level`, the next at the end. Whatever waits above it, up to `raised`, has risen since. */
  private ready: PairCount[] = [];
  private level = 0;
  private raised = 0;

  /** `names`: what symbols are, by number. Pairs that are rarer than `least` are never handed out. */
  constructor(private readonly names: readonly string[], private readonly least: number) {}

  /** Counts a pair in a word `by` times more; the word is noted where `isNew`. */
  add(left: number, right: number, by: number, word: number, isNew: boolean): void {
    const key = left * mostSymbols + right;
    let pair = this.pairs.get(key);
    if (pair === undefined) this.pairs.set(key, pair = { left, right, count: 0, words: [] });
    pair.count += by;
    if (isNew) pair.words.push(word);
    if (by > 0) this.risen.add(pair);
  }

  /** Of equally frequent pairs the one whose symbols come last in the order of code points. */
  mostFrequent(): PairCount | undefined {
    for (const pair of this.risen) this.wait(pair);
    this.risen.clear();
    if (this.raised > this.level) this.goUp();
    for (;;) {
      const pair = this.ready.pop();
      if (pair === undefined && !this.goDown()) return undefined;
      if (pair?.count === this.level) return pair;
      if (pair !== undefined) this.wait(pair);
    }
  }

  private wait(pair: PairCount): void {
    const { count } = pair;
    if (count < this.least) return;
    if (count === this.level) {
      this.ready.splice(this.placeOf(pair), 0, pair);
      return;
    }
    const list = this.waiting.get(count);
    if (list === undefined) this.waiting.set(count, [pair]);
    else list.push(pair);
    this.raised = Math.max(this.raised, count);
  }

  private goUp(): void {
    this.waiting.set(this.level, this.ready);
    this.ready = [];
    this.level = this.raised + 1;
  }

  /** To the next lower count that any pair has. */
  private goDown(): boolean {
    while (this.ready.length === 0 && this.level > this.least) {
      const list = this.waiting.get(--this.level) ?? [];
      this.waiting.delete(this.level);
      this.ready = list.filter(({ count }) => count === this.level).sort((a, b) => this.compare(a, b));
      for (const pair of list) if (pair.count !== this.level) this.wait(pair);
    }
    this.raised = this.level;
    return this.ready.length > 0;
  }

  /** Where among those that are ready. */
  private placeOf(pair: PairCount): number {
    let [from, to] = [0, this.ready.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.compare(this.ready[middle] as PairCount, pair) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  private compare(a: PairCount, b: PairCount): number {
    return compareCodePoints(this.name(a.left), this.name(b.left)) || compareCodePoints(this.name(a.right), this.name(b.right));
  }

  private name(symbol: number): string {
    return this.names[symbol] ?? '';
  }
}
