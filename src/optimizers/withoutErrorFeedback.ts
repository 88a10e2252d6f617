/**
 * Compression without error feedback, c = C(g): what the compressor leaves out is lost. An ablation.
 * Holds the kept row, and no residual.
 */
import type { Compressor } from './compressors/compressor';
import type { KeptRow, Transformation } from './transformation';

export type CompressionState = { readonly keptRow: KeptRow };

export function withoutErrorFeedback(compressor: Compressor): Transformation<CompressionState> {
  return {
    name: compressor.name,
    init: dimension => ({ keptRow: compressor.init(dimension) }),
    update: (updates, { keptRow }) => {
      compressor.compress(updates.dense, keptRow);
      updates.kept = keptRow;
    },
    remap: (state, dimension) => {
      const keptRow = compressor.fit(state.keptRow, dimension);
      return keptRow === state.keptRow ? state : { keptRow };
    },
  };
}
