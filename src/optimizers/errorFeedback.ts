/**
 * Error feedback, the wrapper of EFCP (arXiv 2306.06098): what a compressor leaves out is added to the next gradient.
 *
 *   a = e + g,  c = C(a),  e = a - c
 *
 * so that at every step the sum of all c plus e equals the sum of all g, but for the rounding of a residual held in fewer
 * than 32 bits. c goes on, as `dense` and as `kept`. Holds the residual e and the kept row.
 */
import type { Compressor } from './compressors/compressor';
import { addResidual, createResidual, fitResidual, keepResidual, type Residual, type ResidualBits } from './residual';
import type { Kept, Transformation } from './transformation';

export type ErrorFeedbackState<Row extends Kept> = { readonly residual: Residual; readonly keptRow: Row };

export function withErrorFeedback<Row extends Kept>(compressor: Compressor<Row>, bits: () => ResidualBits): Transformation<ErrorFeedbackState<Row>> {
  return {
    name: `errorFeedback(${compressor.name})`,
    init: space => ({ residual: createResidual(bits(), space.dimension, compressor.allocate), keptRow: compressor.init(space) }),
    update: (updates, { residual, keptRow }, _parameters, step) => {
      const { dense } = updates;
      if (!compressor.feedBack?.(residual, dense, keptRow)) {
        addResidual(residual, dense);
        compressor.compress(dense, keptRow, step);
        compressor.subtract(keptRow, dense);
        keepResidual(residual, dense);
        compressor.expand(keptRow, dense);
      }
      updates.kept = keptRow;
    },
    remap: (state, space) => {
      const [residual, keptRow] = [fitResidual(state.residual, bits(), compressor.allocate), compressor.fit(state.keptRow, space)];
      return residual === state.residual && keptRow === state.keptRow ? state : { residual, keptRow };
    },
  };
}
