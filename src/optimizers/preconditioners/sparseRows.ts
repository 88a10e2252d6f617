/** Block-sparse rows, and how they move to a layout that keeps more or fewer entries. */
import type { BlockLayout, Indices } from '../../kernels/blockLayout';
import { findMagnitudeCut, type MagnitudeCut } from '../../kernels/magnitudeCut';

export type SparseRows = {
  readonly layout: BlockLayout;
  readonly windowValues: Float32Array; // [m, k]
  readonly windowIndices: Indices; // [m, k]
};

/**
 * Row `slot` of `source` becomes row `target` of `result`, compressed by the Top-K of the new layout, without being written
 * out in full. A block that keeps fewer entries is cut to its largest (of equal ones the lowest index); a block that keeps
 * more is filled up with zeros at the lowest free indices. Both layouts cut the vector into the same blocks.
 */
export function refitRow(source: SparseRows, slot: number, result: SparseRows, target: number): void {
  const { blocks } = source.layout;
  for (let block = 0; block < blocks; block++) {
    const from = slot * source.layout.kept + block * source.layout.keptPerBlock;
    const to = target * result.layout.kept + block * result.layout.keptPerBlock;
    const length = block === blocks - 1 ? source.layout.keptInLast : source.layout.keptPerBlock;
    const wanted = block === blocks - 1 ? result.layout.keptInLast : result.layout.keptPerBlock;
    if (wanted < length) truncate(source, from, length, result, to, wanted);
    else extend(source, from, length, result, to, wanted);
  }
}

const cut: MagnitudeCut = { above: 0, ties: 0 };

function truncate(source: SparseRows, from: number, length: number, result: SparseRows, to: number, wanted: number): void {
  const { buffer, byteOffset } = source.windowValues;
  const bits = new Int32Array(buffer, byteOffset + 4 * from, length);
  findMagnitudeCut(bits, 0, length, wanted, cut);
  let ties = cut.ties;
  for (let at = 0, put = to; at < length; at++) {
    const magnitude = (bits[at] ?? 0) & 0x7fffffff;
    if (magnitude > cut.above || (magnitude === cut.above && ties-- > 0)) copyEntry(source, from + at, result, put++);
  }
}

/** Merges the row's entries with zeros at the lowest indices it does not have, so that indices still ascend. */
function extend(source: SparseRows, from: number, length: number, result: SparseRows, to: number, wanted: number): void {
  let [taken, free, index] = [0, wanted - length, 0];
  for (let put = to; put < to + wanted; index++) {
    const isTaken = taken < length && source.windowIndices[from + taken] === index;
    if (isTaken || free === 0) {
      copyEntry(source, from + taken++, result, put++);
    } else {
      result.windowIndices[put++] = index;
      free--;
    }
  }
}

function copyEntry(source: SparseRows, from: number, result: SparseRows, to: number): void {
  result.windowValues[to] = source.windowValues[from] ?? 0;
  result.windowIndices[to] = source.windowIndices[from] ?? 0;
}
