/**
 * Compression without error feedback, c = C(g): what the compressor leaves out is lost. An ablation.
 * Holds the kept row, and no residual.
 */
import type { Compressor } from './compressors/compressor';
import type { Kept, Transformation } from './transformation';

export type CompressionState<Row extends Kept> = { readonly keptRow: Row };

export function withoutErrorFeedback<Row extends Kept>(compressor: Compressor<Row>): Transformation<CompressionState<Row>> {
  return {
    name: compressor.name,
    init: space => ({ keptRow: compressor.init(space) }),
    update: (updates, { keptRow }, _parameters, step) => {
      compressor.compress(updates.dense, keptRow, step);
      compressor.expand(keptRow, updates.dense);
      updates.kept = keptRow;
    },
    remap: (state, space) => {
      const keptRow = compressor.fit(state.keptRow, space);
      return keptRow === state.keptRow ? state : { keptRow };
    },
  };
}
