/**
 * The rows of a window on the device: whole vectors, or entries kept by Top-K, 16 or 32 bits each. With m rows of d
 * parameters, k entries kept: holds 4 m d bytes; or m k values of 4 bytes or 2, and m k indices of 4 or 2, an odd k rounded up
 * where two share a word; and always 4 m bytes of powers.
 */
import { fill, keep, reshape, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { copyRow, expandRow, packBfloat16, packIndices, powerOfTwo, unpackBfloat16, unpackIndices, type DeviceLayout, type DeviceRow } from './deviceKernels';
import type { RowFormat } from './rowFormat';

export interface DeviceRows {
  values: Tensor; // [m, d], or [m, words]
  /** Absent where rows are whole vectors. */
  indices: Tensor | undefined; // [m, words], int32
  /** What each row is divided by before it is multiplied: see powerOfTwo. */
  powers: Tensor; // [m, 1]
}

export interface SparseForm {
  readonly layout: DeviceLayout;
  readonly format: RowFormat;
}

/** Room for `size` rows, all zero. */
export function createRows(size: number, dimension: number, sparse?: SparseForm): DeviceRows {
  const powers = fill([size, 1], 0);
  if (sparse === undefined) return { values: fill([size, dimension], 0), indices: undefined, powers };
  const { layout: { kept }, format: { packedIndices, packedValues } } = sparse;
  const words = Math.ceil(kept / 2);
  return {
    values: packedValues ? fill([size, words], 0, 'int32') : fill([size, kept], 0),
    indices: fill([size, packedIndices ? words : kept], 0, 'int32'), powers,
  };
}

/** One row of whole vectors. */
export function wholeRow(vector: Tensor): DeviceRows {
  return { values: reshape(vector, [1, vector.size]), indices: undefined, powers: reshape(powerOfTwo(vector), [1, 1]) };
}

/** One row of kept entries; their values round where the format is narrower. */
export function encodeRow({ values, indices }: DeviceRow, { layout, format }: SparseForm): DeviceRows {
  const flat = { values: format.packedValues ? packBfloat16(values) : values, indices: format.packedIndices ? packIndices(indices, layout) : indices };
  return { values: reshape(flat.values, [1, flat.values.size]), indices: reshape(flat.indices, [1, flat.indices.size]), powers: reshape(powerOfTwo(values), [1, 1]) };
}

/** The entries of row `slot`. */
export function decodeRow(rows: DeviceRows, slot: number, { layout, format }: SparseForm): DeviceRow {
  const flat = (x: Tensor) => {
    const width = x.shape[1] ?? 1;
    return reshape(copyRow(fill([1, width], 0, x.dtype as 'float32' | 'int32'), 0, x, slot), [width]);
  };
  const [values, indices] = [flat(rows.values), flat(rows.indices ?? rows.values)];
  return {
    values: format.packedValues ? unpackBfloat16(values, layout.kept) : values,
    indices: format.packedIndices ? unpackIndices(indices, layout) : indices,
  };
}

/** `rows` with row `slot` replaced by row `from` of `source`. */
export function moveRow(rows: DeviceRows, slot: number, source: DeviceRows, from: number): void {
  rows.values = replace(rows.values, slot, source.values, from);
  rows.powers = replace(rows.powers, slot, source.powers, from);
  if (rows.indices !== undefined && source.indices !== undefined) rows.indices = replace(rows.indices, slot, source.indices, from);
}

function replace(rows: Tensor, slot: number, source: Tensor, from: number): Tensor {
  const replaced = keep(copyRow(rows, slot, source, from));
  rows.dispose();
  return replaced;
}

/** Row `slot` in full, [d]. */
export function readRow(rows: DeviceRows, slot: number, sparse: SparseForm): Tensor {
  return tidy(() => expandRow(decodeRow(rows, slot, sparse), sparse.layout.dimension));
}

export function tensorsOf({ values, indices, powers }: DeviceRows): Tensor[] {
  return indices === undefined ? [values, powers] : [values, indices, powers];
}
