/**
 * Dot products of block-sparse rows with one vector: dots[r] = sum_i values[r, i] * vector[index(r, i)], summed in float64.
 * (EFCP, arXiv 2306.06098: the scalar products S = G c of the sparse window.) Blocks are the outer loop, so that the part of
 * the vector being gathered from stays in the cache for all rows. Holds nothing.
 */
import type { BlockLayout, Indices } from './blockLayout';

/** `values` and `indices` [rows, k], `vector` [d]; writes `dots` [count], for the first `count` rows. */
export function sparseDots(
  layout: BlockLayout, values: Float32Array, indices: Indices, vector: Float32Array, count: number, dots: Float64Array,
): void {
  const { blocks, blockSize, keptPerBlock, kept } = layout;
  dots.fill(0, 0, count);
  for (let block = 0; block < blocks; block++) {
    const start = block * blockSize;
    const length = block === blocks - 1 ? layout.keptInLast : keptPerBlock;
    for (let row = 0; row < count; row++) {
      const from = row * kept + block * keptPerBlock;
      dots[row] = (dots[row] ?? 0) + gatherDot(values, indices, vector, start, from, from + length);
    }
  }
}

function gatherDot(values: Float32Array, indices: Indices, vector: Float32Array, start: number, from: number, to: number): number {
  let even = 0;
  let odd = 0;
  let at = from;
  for (; at + 1 < to; at += 2) {
    even += (values[at] ?? 0) * (vector[start + (indices[at] ?? 0)] ?? 0);
    odd += (values[at + 1] ?? 0) * (vector[start + (indices[at + 1] ?? 0)] ?? 0);
  }
  if (at < to) even += (values[at] ?? 0) * (vector[start + (indices[at] ?? 0)] ?? 0);
  return even + odd;
}
