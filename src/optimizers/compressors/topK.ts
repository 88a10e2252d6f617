/**
 * Block Top-K as a compressor: keeps the `density` of largest magnitude in every block (EFCP, arXiv 2306.06098).
 * It contracts: |a - C(a)|^2 <= (1 - kept/length) |a|^2 in every block. A row holds k values of 4 or 2 bytes and k indices
 * of 2, or of 4 where a block is longer than 65,536.
 */
import type { Precision, SparseRow } from '../../kernels/panelLayout';
import type { SparseSettings } from '../../settings/formulas/blocks';
import type { ParameterSpace } from '../../settings/parameterSpace';
import type { SparseCompute } from '../../kernels/sparseCompute';
import type { Compressor } from './compressor';
import { panelsOf, sameLayout } from './panelsOf';

/** Read at every use. */
export interface TopKSettings extends SparseSettings {
  readonly valuePrecision: Precision;
}

export function topK(settings: () => TopKSettings, compute: SparseCompute): Compressor<SparseRow> {
  const init = (space: ParameterSpace) => compute.createRow(panelsOf(settings(), space), settings().valuePrecision);
  return {
    name: 'topK',
    allocate: bytes => compute.allocate(bytes),
    init,
    compress: (vector, row) => compute.topK(vector, row),
    subtract: (row, vector) => compute.subtract(row, vector),
    expand: (row, vector) => compute.expand(row, vector),
    feedBack: (residual, vector, row) => compute.feedBack?.(residual, vector, row) ?? false,
    fit: (row, space) => sameLayout(row.layout, panelsOf(settings(), space)) && precisionOf(row) === settings().valuePrecision ? row : init(space),
  };
}

export function precisionOf({ values }: Pick<SparseRow, 'values'>): Precision {
  return values instanceof Uint16Array ? 'bfloat16' : 'float32';
}
