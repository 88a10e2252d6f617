/**
 * Linear combination of block-sparse rows: vector = sum_r coefficients[r] * row r.
 * (EFCP, arXiv 2306.06098: the combination of the sparse window's gradients.) Rows that are nearly dependent get large
 * coefficients of opposite sign, so the sum is formed in float64, tile by tile, and rounded once.
 * Holds one tile of 128 KiB, whatever the length of the vector.
 */
import type { BlockLayout, Indices } from './blockLayout';

const tileLength = 16_384;
const tile = new Float64Array(tileLength);

/** `values` and `indices` [rows, k], `coefficients` [count] of the first `count` rows; overwrites `vector` [d]. */
export function sparseCombination(
  layout: BlockLayout, values: Float32Array, indices: Indices, coefficients: Float64Array, count: number, vector: Float32Array,
): void {
  const { blocks, blockSize, keptPerBlock, kept, dimension } = layout;
  for (let block = 0; block < blocks; block++) {
    const start = block * blockSize;
    const length = Math.min(blockSize, dimension - start);
    const entries = block === blocks - 1 ? layout.keptInLast : keptPerBlock;
    for (let first = 0; first < length; first += tileLength) {
      const last = Math.min(first + tileLength, length);
      tile.fill(0, 0, last - first);
      for (let row = 0; row < count; row++) {
        const from = row * kept + block * keptPerBlock;
        const at = first === 0 ? from : firstAtOrAfter(indices, from, from + entries, first);
        addToTile(values, indices, at, from + entries, first, last, coefficients[row] ?? 0);
      }
      writeTile(vector, start + first, last - first);
    }
  }
}

function addToTile(values: Float32Array, indices: Indices, from: number, to: number, first: number, last: number, factor: number): void {
  for (let at = from; at < to; at++) {
    const index = indices[at] ?? 0;
    if (index >= last) return;
    tile[index - first] = (tile[index - first] ?? 0) + factor * (values[at] ?? 0);
  }
}

function writeTile(vector: Float32Array, start: number, length: number): void {
  for (let at = 0; at < length; at++) vector[start + at] = tile[at] ?? 0;
}

/** Binary search: indices ascend within a block. */
function firstAtOrAfter(indices: Indices, from: number, to: number, wanted: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = low + ((high - low) >>> 1);
    if ((indices[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
