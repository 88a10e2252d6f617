/**
 * Error feedback, the wrapper of EFCP (arXiv 2306.06098): what a compressor leaves out is added to the next gradient.
 *
 *   a = e + g,  c = C(a),  e = a - c
 *
 * so that at every step the sum of all c plus e equals the sum of all g. c goes on, as `dense` and as `kept`.
 * Holds the residual e, 4d bytes, and the kept row.
 */
import type { Compressor } from './compressors/compressor';
import type { KeptRow, Transformation } from './transformation';

export type ErrorFeedbackState = { readonly residual: Float32Array; readonly keptRow: KeptRow };

export function withErrorFeedback(compressor: Compressor): Transformation<ErrorFeedbackState> {
  return {
    name: `errorFeedback(${compressor.name})`,
    init: dimension => ({ residual: new Float32Array(dimension), keptRow: compressor.init(dimension) }),
    update: (updates, { residual, keptRow }) => {
      const { dense } = updates;
      accumulate(residual, dense);
      compressor.compress(dense, keptRow);
      subtract(residual, dense);
      updates.kept = keptRow;
    },
    remap: (state, dimension) => {
      const keptRow = compressor.fit(state.keptRow, dimension);
      return keptRow === state.keptRow ? state : { ...state, keptRow };
    },
  };
}

const largestFloat = 3.4028234663852886e38;

/** Both become e + g. Infinity would never leave the residual again, so a sum beyond float32 stays at its largest number. */
function accumulate(residual: Float32Array, dense: Float32Array): void {
  for (let at = 0; at < dense.length; at++) {
    const sum = (residual[at] ?? 0) + (dense[at] ?? 0);
    const bounded = sum > largestFloat ? largestFloat : sum < -largestFloat ? -largestFloat : sum;
    residual[at] = bounded;
    dense[at] = bounded;
  }
}

function subtract(residual: Float32Array, dense: Float32Array): void {
  for (let at = 0; at < dense.length; at++) residual[at] = (residual[at] ?? 0) - (dense[at] ?? 0);
}
