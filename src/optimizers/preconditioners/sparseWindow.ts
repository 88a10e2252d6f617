/**
 * A window of gradients compressed by Top-K (S-MFAC of EFCP, arXiv 2306.06098). Holds m k values of 4 or 2 bytes and m k
 * indices of 2, or of 4 where a block is longer than 65,536.
 */
import type { SparseRow, SparseRows } from '../../kernels/panelLayout';
import { copyRow, readRow, writeRow } from '../../kernels/rowStorage';
import type { SparseCompute } from '../../kernels/sparseCompute';
import type { ParameterSpace } from '../../settings/parameterSpace';
import { panelsOf, sameLayout } from '../compressors/panelsOf';
import { precisionOf, type TopKSettings } from '../compressors/topK';
import type { Updates } from '../transformation';
import { refitRow, sameBlocks } from './sparseRows';
import type { Window } from './window';

export function sparseWindow(settings: () => TopKSettings, compute: SparseCompute): Window<SparseRows> {
  const init = (space: ParameterSpace, size: number) => compute.createRows(panelsOf(settings(), space), size, settings().valuePrecision);
  return {
    init,
    write: (rows, slot, updates) => writeRow(rows, slot, keptRowOf(updates)),
    read: readRow,
    dots: (rows, updates, count, dots) => compute.dots(rows, keptRowOf(updates), count, dots),
    rowDots: (rows, slot, count, dots) => {
      const row = compute.createRow(rows.layout, precisionOfRows(rows));
      copyRow(rows, slot, row);
      compute.dots(rows, row, count, dots);
    },
    combine: (rows, coefficients, count, vector) => compute.combine(rows, coefficients, count, vector),
    fits: (rows, space) => sameLayout(rows.layout, panelsOf(settings(), space)) && precisionOfRows(rows) === settings().valuePrecision,
    remap: (rows, space, size, slots) => {
      const remapped = init(space, size);
      const move = sameBlocks(rows.layout, remapped.layout) ? refitRow : compressAnew(remapped, compute);
      slots.forEach((slot, index) => move(rows, slot, remapped, index));
      return remapped;
    },
  };
}

/** Where the blocks themselves have changed, a row is written out in full and goes through Top-K again. */
function compressAnew(remapped: SparseRows, compute: SparseCompute): typeof refitRow {
  const vector = compute.createVector(remapped.layout.dimension);
  const row = compute.createRow(remapped.layout, precisionOfRows(remapped));
  return (source, slot, result, target) => {
    readRow(source, slot, vector);
    compute.topK(vector, row);
    writeRow(result, target, row);
  };
}

function precisionOfRows({ shards }: SparseRows) {
  return precisionOf({ values: shards[0]?.windowValues ?? new Float32Array() });
}

function keptRowOf({ kept }: Updates): SparseRow {
  if (kept === undefined || !('indices' in kept)) throw new Error('A sparse window remembers gradients compressed by Top-K. Put withErrorFeedback(topK(...)) or withoutErrorFeedback(topK(...)) before it in the chain.');
  return kept;
}
