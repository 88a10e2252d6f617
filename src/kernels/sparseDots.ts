/**
 * Dot products of the rows of a sparse window with one sparse row: dots[r] = row r . row, summed in float64.
 * (EFCP, arXiv 2306.06098: the scalar products S = G c.) The row is written out panel by panel, and every window row gathers
 * from that. Holds one panel of 256 KiB, or of the whole vector where blocks are longer.
 */
import { fromBfloat16 } from './bfloat16';
import { forEachPanel, type Indices, type SparseRow, type SparseRows, type Values } from './panelLayout';

let tile = new Float32Array(65_536);

/** Writes `dots` [count], for the first `count` rows of `rows`; `row` has their layout. */
export function sparseDots(rows: SparseRows, row: SparseRow, count: number, dots: Float64Array): void {
  dots.fill(0, 0, count);
  if (tile.length < (rows.layout.panels[0]?.length ?? 0)) tile = new Float32Array(rows.layout.dimension);
  forEachPanel(rows, ({ length, before, kept }, { windowValues, windowIndices }, offset) => {
    tile.fill(0, 0, length);
    const narrow = row.values instanceof Uint16Array;
    for (let at = before; at < before + kept; at++) tile[row.indices[at] ?? 0] = narrow ? fromBfloat16(row.values[at] ?? 0) : row.values[at] ?? 0;
    for (let other = 0; other < count; other++) {
      const from = offset + other * kept;
      dots[other] = (dots[other] ?? 0) + gatherDot(windowValues, windowIndices, from, from + kept);
    }
  });
}

function gatherDot(values: Values, indices: Indices, from: number, to: number): number {
  if (values instanceof Uint16Array) return gatherNarrowDot(values, indices, from, to);
  let even = 0;
  let odd = 0;
  let at = from;
  for (; at + 1 < to; at += 2) {
    even += (values[at] ?? 0) * (tile[indices[at] ?? 0] ?? 0);
    odd += (values[at + 1] ?? 0) * (tile[indices[at + 1] ?? 0] ?? 0);
  }
  if (at < to) even += (values[at] ?? 0) * (tile[indices[at] ?? 0] ?? 0);
  return even + odd;
}

function gatherNarrowDot(values: Uint16Array, indices: Indices, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at++) sum += fromBfloat16(values[at] ?? 0) * (tile[indices[at] ?? 0] ?? 0);
  return sum;
}
