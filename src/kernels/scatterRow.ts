/** Writes a block-sparse row out in full: vector = 0 but for the row's entries. */
import type { BlockLayout, Indices } from './blockLayout';

/** `values` and `indices` hold rows of k entries; row number `row` is written to `vector` [d]. */
export function scatterRow(layout: BlockLayout, values: Float32Array, indices: Indices, row: number, vector: Float32Array): void {
  const { blocks, blockSize, keptPerBlock, kept } = layout;
  vector.fill(0);
  for (let block = 0; block < blocks; block++) {
    const start = block * blockSize;
    const from = row * kept + block * keptPerBlock;
    const to = from + (block === blocks - 1 ? layout.keptInLast : keptPerBlock);
    for (let at = from; at < to; at++) vector[start + (indices[at] ?? 0)] = values[at] ?? 0;
  }
}
