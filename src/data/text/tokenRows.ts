/** Rows of token numbers of different lengths, one after another in memory: two bytes a token where the vocabulary allows it, and four a row. */
import type { HostArray } from '../dataset';
import { end } from './text';

export class TokenRows {
  private tokens: Uint16Array | Int32Array;
  /** Where each row begins, and where the last one ends. */
  private readonly starts: Uint32Array;

  /** `vocabulary`: numbers are below this. */
  constructor(rows: Iterable<ArrayLike<number>>, vocabulary: number) {
    const starts = [0];
    this.tokens = new (vocabulary <= 65_536 ? Uint16Array : Int32Array)(0);
    for (const row of rows) {
      const start = starts.at(-1) ?? 0;
      this.makeRoom(start + row.length);
      this.tokens.set(row, start);
      starts.push(start + row.length);
    }
    this.starts = Uint32Array.from(starts);
    this.tokens = this.tokens.slice(0, starts.at(-1));
  }

  get bytes(): number {
    return this.tokens.byteLength + this.starts.byteLength;
  }

  row(place: number): Uint16Array | Int32Array {
    return this.tokens.subarray(this.start(place), this.start(place + 1));
  }

  private makeRoom(length: number): void {
    if (length <= this.tokens.length) return;
    const { tokens } = this;
    this.tokens = tokens instanceof Int32Array ? new Int32Array(2 * length) : new Uint16Array(2 * length);
    this.tokens.set(tokens);
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
