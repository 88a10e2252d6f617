/**
 * Block Top-K: of every block of a vector, the entries of largest magnitude, in ascending order of their index.
 * EFCP (arXiv 2306.06098) compresses gradients so. Exact; of equal magnitudes the lowest index wins, so the result is a
 * function of the input alone. NaN and infinity count as larger than every number.
 */
import type { BlockLayout, Indices } from './blockLayout';
import { findMagnitudeCut, type MagnitudeCut } from './magnitudeCut';

const cut: MagnitudeCut = { above: 0, ties: 0 };

/** `vector` [d]; writes the kept entries to `values` [k] and `indices` [k]. */
export function blockTopK(vector: Float32Array, layout: BlockLayout, values: Float32Array, indices: Indices): void {
  const { blocks, blockSize, dimension } = layout;
  const bits = new Int32Array(vector.buffer, vector.byteOffset, vector.length);
  for (let block = 0; block < blocks; block++) {
    const start = block * blockSize;
    const end = Math.min(start + blockSize, dimension);
    findMagnitudeCut(bits, start, end, block === blocks - 1 ? layout.keptInLast : layout.keptPerBlock, cut);
    take(vector, bits, start, end, values, indices, block * layout.keptPerBlock);
  }
}

function take(vector: Float32Array, bits: Int32Array, start: number, end: number, values: Float32Array, indices: Indices, offset: number): void {
  const above = cut.above;
  let ties = cut.ties;
  let to = offset;
  for (let at = start; at < end; at++) {
    const magnitude = (bits[at] ?? 0) & 0x7fffffff;
    if (magnitude > above || (magnitude === above && ties-- > 0)) {
      indices[to] = at - start;
      values[to++] = vector[at] ?? 0;
    }
  }
}
