/**
 * Where the non-zeros of a flat tensor lie, in ascending order: one bit an entry, or 16-bit columns in rows of 65,536 consecutive
 * entries (CSR), whichever is smaller (bytes: settings/formulas/sparseIndex.ts).
 */
import { indexRow, isBitmask, rowsOf } from '../settings/formulas/sparseIndex';

export type Bitmask = { readonly length: number; readonly bitmask: Uint8Array };
export type ColumnIndex = { readonly length: number; readonly columnIndices: Uint16Array; readonly rowPointers: Uint32Array };
export type SparseIndex = Bitmask | ColumnIndex;

/** `positions` ascend and are below `length`. */
export function createIndex(positions: Uint32Array, length: number): SparseIndex {
  if (isBitmask(length, positions.length)) {
    const bitmask = new Uint8Array(Math.ceil(length / 8));
    for (const at of positions) bitmask[at >>> 3] = (bitmask[at >>> 3] ?? 0) | 1 << (at & 7);
    return { length, bitmask };
  }
  const rowPointers = new Uint32Array(rowsOf(length) + 1);
  const columnIndices = Uint16Array.from(positions, at => at % indexRow);
  for (const at of positions) rowPointers[Math.floor(at / indexRow) + 1] = (rowPointers[Math.floor(at / indexRow) + 1] ?? 0) + 1;
  for (let row = 1; row < rowPointers.length; row++) rowPointers[row] = (rowPointers[row] ?? 0) + (rowPointers[row - 1] ?? 0);
  return { length, columnIndices, rowPointers };
}

export function bytesOfIndex(index: SparseIndex): number {
  return 'bitmask' in index ? index.bitmask.byteLength : index.columnIndices.byteLength + index.rowPointers.byteLength;
}

export function nonZerosOf(index: SparseIndex): number {
  if (!('bitmask' in index)) return index.columnIndices.length;
  let count = 0;
  for (const byte of index.bitmask) for (let rest = byte; rest !== 0; rest &= rest - 1) count++;
  return count;
}

export function positionsOf(index: SparseIndex, count: number): Uint32Array {
  const positions = new Uint32Array(count);
  readPositions(index)(positions, count);
  return positions;
}

/** Reads positions one stretch after the other: each call writes the next `count` into `positions`. */
export function readPositions(index: SparseIndex): (positions: Uint32Array, count: number) => void {
  return 'bitmask' in index ? readBits(index.bitmask) : readColumns(index);
}

/** Words of 32 bits, and behind them the bytes that make up no word. */
function readBits(bitmask: Uint8Array): (positions: Uint32Array, count: number) => void {
  const words = new Int32Array(bitmask.buffer, bitmask.byteOffset, bitmask.length >>> 2);
  const tail = bitmask.subarray(4 * words.length).reduce((bits, byte, at) => bits | byte << 8 * at, 0);
  let word = 0;
  let rest = (words.length > 0 ? words[0] : tail) ?? 0;
  return (positions, count) => {
    let done = 0;
    while (done < count && word <= words.length) {
      const first = 32 * word;
      while (rest !== 0 && done < count) {
        positions[done++] = first + 31 - Math.clz32(rest & -rest);
        rest &= rest - 1;
      }
      if (rest !== 0) return;
      word++;
      rest = word < words.length ? words[word] ?? 0 : tail;
    }
  };
}

function readColumns({ columnIndices, rowPointers }: ColumnIndex): (positions: Uint32Array, count: number) => void {
  let [row, entry] = [0, 0];
  return (positions, count) => {
    for (let done = 0; done < count; done++, entry++) {
      while (entry >= (rowPointers[row + 1] ?? Infinity)) row++;
      positions[done] = row * indexRow + (columnIndices[entry] ?? 0);
    }
  };
}
