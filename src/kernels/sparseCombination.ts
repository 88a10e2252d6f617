/**
 * Linear combination of block-sparse rows: vector = sum_r coefficients[r] * row r.
 * (EFCP, arXiv 2306.06098: the combination of the sparse window's gradients.) Rows that are nearly dependent get large
 * coefficients of opposite sign, so the sum is formed in float64, tile by tile, and rounded once.
 * Holds one tile of 128 KiB, whatever the length of the vector.
 */
import { fromBfloat16 } from './bfloat16';
import { forEachPanel, type Indices, type SparseRows, type Values } from './panelLayout';

const tileLength = 16_384;
const tile = new Float64Array(tileLength);

/** `coefficients` [count] of the first `count` rows; overwrites `vector` [d]. */
export function sparseCombination(rows: SparseRows, coefficients: Float64Array, count: number, vector: Float32Array): void {
  forEachPanel(rows, ({ start, length, kept }, { windowValues, windowIndices }, offset) => {
    for (let first = 0; first < length; first += tileLength) {
      const last = Math.min(first + tileLength, length);
      tile.fill(0, 0, last - first);
      for (let row = 0; row < count; row++) {
        const from = offset + row * kept;
        const at = first === 0 ? from : firstAtOrAfter(windowIndices, from, from + kept, first);
        addToTile(windowValues, windowIndices, at, from + kept, first, last, coefficients[row] ?? 0);
      }
      writeTile(vector, start + first, last - first);
    }
  });
}

function addToTile(values: Values, indices: Indices, from: number, to: number, first: number, last: number, factor: number): void {
  if (values instanceof Uint16Array) {
    addNarrowToTile(values, indices, from, to, first, last, factor);
    return;
  }
  for (let at = from; at < to; at++) {
    const index = indices[at] ?? 0;
    if (index >= last) return;
    tile[index - first] = (tile[index - first] ?? 0) + factor * (values[at] ?? 0);
  }
}

function addNarrowToTile(values: Uint16Array, indices: Indices, from: number, to: number, first: number, last: number, factor: number): void {
  for (let at = from; at < to; at++) {
    const index = indices[at] ?? 0;
    if (index >= last) return;
    tile[index - first] = (tile[index - first] ?? 0) + factor * fromBfloat16(values[at] ?? 0);
  }
}

function writeTile(vector: Float32Array, start: number, length: number): void {
  for (let at = 0; at < length; at++) vector[start + at] = tile[at] ?? 0;
}

/** Binary search: indices ascend within a panel. */
export function firstAtOrAfter(indices: Indices, from: number, to: number, wanted: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = low + ((high - low) >>> 1);
    if ((indices[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
