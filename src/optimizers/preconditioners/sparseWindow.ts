/**
 * A window of compressed gradients (S-MFAC of EFCP, arXiv 2306.06098): the rows that a compressor kept.
 * Holds m k (4 + 2) bytes, or m k (4 + 4) where a block is longer than 65,536.
 */
import { scatterRow } from '../../kernels/scatterRow';
import { sparseCombination } from '../../kernels/sparseCombination';
import { sparseDots } from '../../kernels/sparseDots';
import type { Compressor } from '../compressors/compressor';
import { indicesFor, sameLayout } from '../compressors/layoutOf';
import { refitRow, type SparseRows } from './sparseRows';
import type { Window } from './window';

export function sparseWindow(compressor: Compressor): Window<SparseRows> {
  const init = (dimension: number, size: number): SparseRows => {
    const layout = compressor.layout(dimension);
    return { layout, windowValues: new Float32Array(size * layout.kept), windowIndices: indicesFor(layout, size * layout.kept) };
  };
  return {
    init,
    write: ({ layout, windowValues, windowIndices }, slot, { kept }) => {
      if (kept === undefined) throw new Error('A sparse window remembers compressed gradients. Put withErrorFeedback(...) or withoutErrorFeedback(...) before it in the chain.');
      windowValues.set(kept.values, slot * layout.kept);
      windowIndices.set(kept.indices, slot * layout.kept);
    },
    read: ({ layout, windowValues, windowIndices }, slot, vector) => scatterRow(layout, windowValues, windowIndices, slot, vector),
    dots: ({ layout, windowValues, windowIndices }, vector, count, dots) => sparseDots(layout, windowValues, windowIndices, vector, count, dots),
    combine: ({ layout, windowValues, windowIndices }, coefficients, count, vector) =>
      sparseCombination(layout, windowValues, windowIndices, coefficients, count, vector),
    fits: ({ layout }, dimension) => sameLayout(layout, compressor.layout(dimension)),
    remap: (rows, dimension, size, slots) => {
      const remapped = init(dimension, size);
      slots.forEach((slot, index) => refitRow(rows, slot, remapped, index));
      return remapped;
    },
  };
}
