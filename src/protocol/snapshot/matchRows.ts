/**
 * Pairs equal rows of two tables, one by one in their order. Columns hold the rows of the first table, and behind them those of the second.
 * Rows are found by a hash of their numbers in a table of open places (linear probing), since texts as keys would be made for each.
 * Bytes held: 8 to 16 a row for the places, 12 for the rows that wait.
 */
export type Column = Uint8Array | Uint32Array | Float64Array;

export interface Matching {
  /** In the order of the second. */
  readonly pairs: [first: number, second: number][];
  /** Those that have none, in order. */
  readonly rest: Uint32Array;
}

/** `rows`: those that are looked at, in ascending order; below `second` they are of the first table. */
export function matchRows(columns: readonly Column[], rows: Uint32Array, second: number): Matching {
  const equal = firstEqual(columns, rows);
  const places = (columns[0]?.length ?? 0) + 1;
  // Rows that wait for another, by the first that is equal: a chain of rows counted from 1.
  const [head, tail, next] = [new Uint32Array(places), new Uint32Array(places), new Uint32Array(places)];
  const isPaired = new Uint8Array(places);
  const pairs: [number, number][] = [];
  rows.forEach((row, at) => {
    const key = equal[at] ?? 0;
    const waiting = head[key] ?? 0;
    if (row < second) {
      if (waiting === 0) head[key] = row + 1;
      else next[(tail[key] ?? 0) - 1] = row + 1;
      tail[key] = row + 1;
    } else if (waiting > 0) {
      head[key] = next[waiting - 1] ?? 0;
      isPaired[row] = isPaired[waiting - 1] = 1;
      pairs.push([waiting - 1, row]);
    }
  });
  return { pairs, rest: rows.filter(row => isPaired[row] === 0) };
}

/** By place among `rows`: the first of them that is equal. */
function firstEqual(columns: readonly Column[], rows: Uint32Array): Uint32Array {
  const equal = new Uint32Array(rows.length);
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 * rows.length + 2)));
  rows.forEach((row, at) => {
    let slot = hashOf(columns, row) & (slots.length - 1);
    while (slots[slot] !== 0 && !areEqual(columns, (slots[slot] ?? 0) - 1, row)) slot = (slot + 1) & (slots.length - 1);
    if (slots[slot] === 0) slots[slot] = row + 1;
    equal[at] = (slots[slot] ?? 0) - 1;
  });
  return equal;
}

/** Multiplicative hashing (Knuth, The Art of Computer Programming, volume 3, section 6.4), number after number. */
function hashOf(columns: readonly Column[], row: number): number {
  let hash = 0;
  for (const column of columns) {
    hash = Math.imul(hash ^ (column[row] ?? 0), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}

function areEqual(columns: readonly Column[], one: number, other: number): boolean {
  for (const column of columns) if (column[one] !== column[other]) return false;
  return true;
}
