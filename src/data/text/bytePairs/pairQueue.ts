/**
 * Counts of adjacent pairs of symbols, and the most frequent of them at any time. A binary heap holds what the counts were when they
 * last rose; a count that has fallen since is put right only when it comes to the top, so a merge costs as much as it changes.
 */
import { compareCodePoints } from './codePointOrder';

export interface PairCount {
  readonly left: number;
  readonly right: number;
  count: number;
  /** Numbers of the words that the pair has been in; it may have gone since, and a word may be named twice. */
  readonly words: number[];
}

interface Queued {
  readonly pair: PairCount;
  readonly count: number;
}

export class PairQueue {
  private readonly pairs = new Map<number, PairCount>();
  private readonly risen = new Set<PairCount>();
  private readonly heap: Queued[] = [];

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
    for (const pair of this.risen) this.push({ pair, count: pair.count });
    this.risen.clear();
    for (;;) {
      const top = this.pop();
      if (top === undefined) return undefined;
      if (top.count === top.pair.count) return top.pair;
      if (top.pair.count < top.count) this.push({ pair: top.pair, count: top.pair.count });
    }
  }

  private isBefore(a: Queued, b: Queued): boolean {
    if (a.count !== b.count) return a.count > b.count;
    const byLeft = compareCodePoints(this.name(a.pair.left), this.name(b.pair.left));
    return (byLeft === 0 ? compareCodePoints(this.name(a.pair.right), this.name(b.pair.right)) : byLeft) > 0;
  }

  private name(symbol: number): string {
    return this.names[symbol] ?? '';
  }

  private push(queued: Queued): void {
    if (queued.count < this.least) return;
    const { heap } = this;
    let place = heap.push(queued) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent] as Queued;
      if (!this.isBefore(queued, above)) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = queued;
  }

  private pop(): Queued | undefined {
    const { heap } = this;
    const top = heap[0];
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.sink(last);
    return top;
  }

  private sink(queued: Queued): void {
    const { heap } = this;
    let place = 0;
    for (let child = 1; child < heap.length; child = 2 * place + 1) {
      const other = heap[child + 1];
      if (other !== undefined && this.isBefore(other, heap[child] as Queued)) child++;
      const below = heap[child] as Queued;
      if (!this.isBefore(below, queued)) break;
      heap[place] = below;
      place = child;
    }
    heap[place] = queued;
  }
}

/** Two symbols' numbers make one key that a number holds exactly. */
const mostSymbols = 2 ** 26;
