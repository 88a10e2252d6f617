/**
 * Block Top-K: of every block of a vector, the entries of largest magnitude, in ascending order of their index.
 * EFCP (arXiv 2306.06098) compresses gradients so. Exact; of equal magnitudes the lowest index wins, so the result is a
 * function of the input alone. NaN and infinity count as larger than every number.
 */
import { roundToBfloat16 } from './bfloat16';
import { findMagnitudeCut, type MagnitudeCut } from './magnitudeCut';
import type { Indices, Panel, SparseRow, Values } from './panelLayout';

const cut: MagnitudeCut = { above: 0, ties: 0 };

/** `vector` [d], which stays as it is; writes the kept entries to `row`. */
export function blockTopK(vector: Float32Array, row: SparseRow): void {
  const bits = new Int32Array(vector.buffer, vector.byteOffset, vector.length);
  for (const panel of row.layout.panels) panelTopK(vector, bits, panel, row.values, row.indices);
}

function panelTopK(vector: Float32Array, bits: Int32Array, panel: Panel, values: Values, indices: Indices): void {
  const end = panel.start + panel.length;
  let to = panel.before;
  for (let start = panel.start; start < end; start += panel.blockSize) {
    const next = Math.min(start + panel.blockSize, end);
    const kept = next === end ? panel.keptInLast : panel.keptPerBlock;
    findMagnitudeCut(bits, start, next, kept, cut);
    take(vector, bits, start, next, panel.start, values, indices, to);
    to += kept;
  }
}

function take(vector: Float32Array, bits: Int32Array, start: number, end: number, base: number, values: Values, indices: Indices, offset: number): void {
  const above = cut.above;
  const narrow = values instanceof Uint16Array;
  let ties = cut.ties;
  let to = offset;
  for (let at = start; at < end; at++) {
    const magnitude = (bits[at] ?? 0) & 0x7fffffff;
    if (magnitude > above || (magnitude === above && ties-- > 0)) {
      indices[to] = at - base;
      values[to++] = narrow ? roundToBfloat16(bits[at] ?? 0) : vector[at] ?? 0;
    }
  }
}
