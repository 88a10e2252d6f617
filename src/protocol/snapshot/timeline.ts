/**
 * Live bytes by category over a step, for any stretch of it and any width: each column of a picture shows its highest instant, found by
 * the sum of all categories, so that the categories shown lived together and no peak is lost.
 *
 * Sums are kept at the start of blocks of 64 events, and the highest instant of blocks, of pairs of blocks, of pairs of those, and so on: a column
 * costs two blocks, a replay within one, and two nodes a level. Bytes held: 8 an event, 96 a block.
 */
import { categories } from '../samples';
import { nowhere, type Lives } from './lives';
import { changeOf } from './peak';

const blockSize = 64;
const width = categories.length;

/** What is across: events one by one, or milliseconds. */
export type Scale = 'event' | 'time';

export interface Columns {
  /** By column: its highest instant. */
  readonly event: Uint32Array;
  /** By column and category, in that order: live bytes at that instant. */
  readonly bytes: Float64Array;
  readonly total: Float64Array;
}

export class Timeline {
  /** Live bytes after each event. */
  private readonly totals: Float64Array;
  /** By block and category: live bytes before its first event. */
  private readonly starts: Float64Array;
  /** By level: the highest instants of 1, 2, 4 … blocks. */
  private readonly highest: Uint32Array[] = [];

  constructor(readonly lives: Lives) {
    const count = lives.last + 1;
    this.totals = new Float64Array(count);
    this.starts = new Float64Array(Math.ceil(count / blockSize) * width);
    this.sum();
    this.build();
  }

  /** Where the axis begins and ends. */
  range(scale: Scale): readonly [from: number, to: number] {
    const { lives: { first, last, snapshot: { events: { time } } } } = this;
    return scale === 'event' ? [first, last + 1] : [time[first] ?? 0, time[last] ?? 0];
  }

  totalAt(event: number): number {
    return this.totals[event] ?? 0;
  }

  /** The instant that holds at a place of the axis. */
  instantAt(place: number, scale: Scale): number {
    const { first, last } = this.lives;
    const event = scale === 'event' ? Math.floor(place) : this.countUntil(place) - 1;
    return Math.max(first, Math.min(last, event));
  }

  /** The place of an instant on the axis. */
  placeOf(event: number, scale: Scale): number {
    return scale === 'event' ? event : this.lives.snapshot.events.time[event] ?? 0;
  }

  /** The stretch from `from` to `to`, cut into columns of equal width. */
  columns(from: number, to: number, count: number, scale: Scale): Columns {
    const columns = { event: new Uint32Array(count), bytes: new Float64Array(count * width), total: new Float64Array(count) };
    if (this.totals.length === 0) return columns;
    for (let column = 0; column < count; column++) {
      const [start, end] = [from + (to - from) * column / count, from + (to - from) * (column + 1) / count];
      // What holds at the start of a column is part of it.
      const begin = this.instantAt(start, scale);
      const event = this.highestOf(begin, Math.max(begin, scale === 'event' ? this.instantAt(Math.ceil(end) - 1, scale) : this.instantAt(end, scale)));
      columns.event[column] = event;
      columns.total[column] = this.totals[event] ?? 0;
      this.replay(event, columns.bytes.subarray(column * width, (column + 1) * width));
    }
    return columns;
  }

  /** The first of the highest instants from `from` to `to`, both included. */
  highestOf(from: number, to: number): number {
    const [block, end] = [Math.ceil(from / blockSize), Math.floor((to + 1) / blockSize)];
    if (block >= end) return this.scan(from, from, to + 1);
    const best = this.climb(this.scan(from, from, block * blockSize), block, end);
    return this.scan(best, end * blockSize, to + 1);
  }

  /** Writes the live bytes by category at an instant. */
  replay(event: number, into: Float64Array): void {
    const block = Math.floor(event / blockSize);
    into.set(this.starts.subarray(block * width, (block + 1) * width));
    for (let at = block * blockSize; at <= event; at++) this.apply(at, into);
  }

  private sum(): void {
    const { totals, starts, lives } = this;
    const live = new Float64Array(width);
    for (let event = 0, total = 0; event < totals.length; event++) {
      if (event % blockSize === 0) starts.set(live, event / blockSize * width);
      this.apply(event, live);
      totals[event] = total += changeOf(lives, event);
    }
  }

  private build(): void {
    const { totals, highest } = this;
    let level = Uint32Array.from({ length: Math.ceil(totals.length / blockSize) }, (_, block) => {
      const best = block * blockSize;
      return this.scan(best, best, Math.min(totals.length, best + blockSize));
    });
    for (highest.push(level); level.length > 1; highest.push(level)) {
      const below = level;
      level = Uint32Array.from({ length: Math.ceil(below.length / 2) }, (_, pair) => {
        const [left = 0, right = left] = below.subarray(2 * pair, 2 * pair + 2);
        return this.higher(left, right);
      });
    }
  }

  private scan(best: number, from: number, to: number): number {
    for (let event = from; event < to; event++) best = this.higher(best, event);
    return best;
  }

  /** Whole blocks from `block` up to `end`: on each level at most one node at either edge. */
  private climb(best: number, block: number, end: number): number {
    let [found, right] = [best, -1];
    for (const nodes of this.highest) {
      if (block >= end) break;
      if (block % 2 === 1) found = this.higher(found, nodes[block++] ?? found);
      // What is found later at the right edge stands before what was found there earlier, so it wins where both are equal.
      if (end % 2 === 1) right = right < 0 ? nodes[--end] ?? right : this.higher(nodes[--end] ?? right, right);
      block >>= 1;
      end >>= 1;
    }
    return right < 0 ? found : this.higher(found, right);
  }

  private higher(earlier: number, later: number): number {
    return (this.totals[later] ?? 0) > (this.totals[earlier] ?? 0) ? later : earlier;
  }

  private apply(event: number, live: Float64Array): void {
    const { from, to, snapshot: { buffers, events } } = this.lives;
    const [leaves, joins] = [from[event] ?? nowhere, to[event] ?? nowhere];
    if (leaves === joins) return;
    const size = buffers.bytes[events.buffer[event] ?? 0] ?? 0;
    if (leaves !== nowhere) live[leaves] = (live[leaves] ?? 0) - size;
    if (joins !== nowhere) live[joins] = (live[joins] ?? 0) + size;
  }

  /** How many events had happened at a time. */
  private countUntil(milliseconds: number): number {
    const { time } = this.lives.snapshot.events;
    let [low, high] = [0, time.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((time[middle] ?? 0) <= milliseconds) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
