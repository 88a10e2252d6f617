/** Rows of token numbers of different lengths, one after another in memory: two bytes a token where the vocabulary allows it, and four a row. */
import type { HostArray } from '../dataset';
import { end } from './text';

export class TokenRows {
  private readonly tokens: Uint16Array | Int32Array;
  /** Where each row begins, and where the last one ends. */
  private readonly starts: Uint32Array;

  /** `vocabulary`: numbers are below this. */
  constructor(rows: readonly ArrayLike<number>[], vocabulary: number) {
    this.starts = new Uint32Array(rows.length + 1);
    rows.forEach((row, place) => { this.starts[place + 1] = this.start(place) + row.length; });
    this.tokens = new (vocabulary <= 65_536 ? Uint16Array : Int32Array)(this.start(rows.length));
    rows.forEach((row, place) => { this.tokens.set(row, this.start(place)); });
  }

  get bytes(): number {
    return this.tokens.byteLength + this.starts.byteLength;
  }

  row(place: number): Uint16Array | Int32Array {
    return this.tokens.subarray(this.start(place), this.start(place + 1));
  }

  private start(place: number): number {
    return this.starts[place] ?? 0;
  }
}

/** Rows with an end before or after each, filled up with zeros to the longest. */
export function padded(rows: readonly ArrayLike<number>[], whereEnd: 'first' | 'last' | 'none'): HostArray {
  const extra = whereEnd === 'none' ? 0 : 1;
  const longest = rows.reduce((most, { length }) => Math.max(most, length + extra), 0);
  const values = new Int32Array(rows.length * longest);
  rows.forEach((row, place) => {
    const start = place * longest;
    values.set(row, start + (whereEnd === 'first' ? 1 : 0));
    if (whereEnd !== 'none') values[start + (whereEnd === 'first' ? 0 : row.length)] = end;
  });
  return { values, shape: [rows.length, longest] };
}
