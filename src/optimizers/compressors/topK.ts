/**
 * Block Top-K as a compressor: keeps the `density` of largest magnitude in every block (EFCP, arXiv 2306.06098).
 * It contracts: |a - C(a)|^2 <= (1 - kept/length) |a|^2 in every block. A row holds (4 + 2) k bytes, or (4 + 4) k where a block
 * is longer than 65,536.
 */
import { blockTopK } from '../../kernels/blockTopK';
import { scatterRow } from '../../kernels/scatterRow';
import type { Compressor } from './compressor';
import { indicesFor, layoutOf, sameLayout } from './layoutOf';

export function topK({ density, blockSize }: { density: () => number; blockSize: number | null }): Compressor {
  const layout = (dimension: number) => layoutOf(dimension, density(), blockSize);
  const init = (dimension: number) => {
    const wanted = layout(dimension);
    return { layout: wanted, values: new Float32Array(wanted.kept), indices: indicesFor(wanted, wanted.kept) };
  };
  return {
    name: 'topK',
    layout,
    init,
    compress: (vector, row) => {
      blockTopK(vector, row.layout, row.values, row.indices);
      scatterRow(row.layout, row.values, row.indices, 0, vector);
    },
    fit: (row, dimension) => sameLayout(row.layout, layout(dimension)) ? row : init(dimension),
  };
}
