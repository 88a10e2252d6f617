/** Sparse rows on plain typed arrays, by one thread: runs anywhere, and is the oracle of every other placement. */
import { blockTopK } from './blockTopK';
import { descendIn, isFiniteIn } from './elementwise';
import type { Indices, PanelLayout, Precision, Values } from './panelLayout';
import { sparseCombination } from './sparseCombination';
import type { SparseCompute } from './sparseCompute';
import { sparseDots } from './sparseDots';
import { expandRow, subtractRow } from './sparseRow';

export const typedArrays: SparseCompute = {
  name: 'typed arrays',
  allocate: bytes => new ArrayBuffer(bytes),
  createVector: length => new Float32Array(length),
  createRow: (layout, precision) => ({ layout, values: valuesFor(precision, layout.kept), indices: indicesFor(layout, layout.kept) }),
  createRows: (layout, size, precision) => ({
    layout, size, shards: [{ from: 0, to: layout.panels.length, windowValues: valuesFor(precision, size * layout.kept), windowIndices: indicesFor(layout, size * layout.kept) }],
  }),
  topK: blockTopK,
  subtract: subtractRow,
  expand: expandRow,
  dots: sparseDots,
  combine: sparseCombination,
  isFinite: vector => isFiniteIn(vector, 0, vector.length),
  descend: (vector, start, values, rate, decay) => descendIn(vector, start, values, rate, decay, 0, values.length),
};

function valuesFor(precision: Precision, length: number): Values {
  return precision === 'float32' ? new Float32Array(length) : new Uint16Array(length);
}

function indicesFor({ bytesPerIndex }: PanelLayout, length: number): Indices {
  return bytesPerIndex === 2 ? new Uint16Array(length) : new Uint32Array(length);
}
