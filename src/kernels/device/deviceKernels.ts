/**
 * The heavy arithmetic of optimizers on tensors: kernels of our own, one name each, run by TensorFlow.js's engine like any
 * other, so that the same code runs on every backend they are registered for (see registerDeviceKernels.ts). Whoever calls
 * owns the results.
 */
import { engine, type NamedAttrMap, type Tensor } from '@tensorflow/tfjs-core';
import type { BlockLayout } from './blockLayout';
import type { DeviceRows, SparseForm } from './deviceRows';

/** A layout, and its table on the device. */
export interface DeviceLayout extends BlockLayout {
  readonly runTable: Tensor; // [runs * 8], int32
}

/** What Top-K kept of a vector: entries by their index from the start of the vector, ascending within a block. */
export type DeviceRow = {
  readonly values: Tensor; // [k], float32
  readonly indices: Tensor; // [k], int32
};

function run(name: string, inputs: Readonly<Record<string, Tensor>>, attributes: object = {}): Tensor {
  return engine().runKernel(name, inputs, attributes as NamedAttrMap);
}

/** The entries of largest magnitude of every block of x [d]; of equal ones the lowest index. */
export function blockTopK(x: Tensor, layout: DeviceLayout): DeviceRow {
  const indices = run('BlockTopK', { x, runs: layout.runTable }, { layout });
  return { values: run('TakeEntries', { x, indices }), indices };
}

/** A row in full, [d]. */
export function expandRow({ values, indices }: DeviceRow, dimension: number): Tensor {
  return run('ExpandRow', { values, indices }, { dimension });
}

/** `rows` [m, n] with row `slot` replaced by row `from` of `source`. The result may share its buffer: only it is valid afterwards. */
export function copyRow(rows: Tensor, slot: number, source: Tensor, from: number): Tensor {
  return run('CopyRow', { rows, source }, { slot, from });
}

/** The largest power of two that is not above any magnitude in x, [1]: 0 where that is below 2^-126, not finite where x is not. */
export function powerOfTwo(x: Tensor): Tensor {
  return run('PowerOfTwo', { x });
}

/** The dot products of the first `count` rows with `dense` [d], each divided by the row's power and by `power` [1], in parts to be added up: [count, parts]. */
export function rowDots({ values, indices, powers }: DeviceRows, dense: Tensor, power: Tensor, count: number, sparse?: SparseForm): Tensor {
  if (indices === undefined || sparse === undefined) return run('DenseDots', { values, powers, dense, power }, { count });
  return run('SparseDots', { values, indices, powers, dense, power, runs: sparse.layout.runTable }, { count, ...sparse });
}

/** scale * sum_r weights[r] * row r / power r over the first `count` rows, [d]; a weight [count, 2] is the sum of two numbers, and all magnitudes together at most 2. */
export function combineRows({ values, indices, powers }: DeviceRows, weights: Tensor, scale: number, dimension: number, sparse?: SparseForm): Tensor {
  const options = { dimension, scale, count: weights.size / 2 };
  if (indices === undefined || sparse === undefined) return run('DenseCombination', { values, powers, weights }, options);
  return run('SparseCombination', { values, indices, powers, weights, runs: sparse.layout.runTable }, { ...options, ...sparse });
}

/** The nearest bfloat16 numbers of x [n], two in a word: [ceil(n / 2)], int32. */
export function packBfloat16(x: Tensor): Tensor {
  return run('PackBfloat16', { x });
}

export function unpackBfloat16(packed: Tensor, count: number): Tensor {
  return run('UnpackBfloat16', { packed }, { count });
}

/** Indices [k] relative to their blocks, two in a word: [ceil(k / 2)], int32. */
export function packIndices(x: Tensor, layout: DeviceLayout): Tensor {
  return run('PackIndices', { x, runs: layout.runTable }, { layout });
}

export function unpackIndices(packed: Tensor, layout: DeviceLayout): Tensor {
  return run('UnpackIndices', { packed, runs: layout.runTable }, { layout });
}

/** Numbers as codes of 8 or 4 bits on a grid of each block's own. */
export type DeviceCodes = {
  readonly codes: Tensor; // [ceil(n bits / 32)], int32
  readonly grids: Tensor; // [ceil(n / blockLength)], int32
};

export interface CodeOptions { readonly bits: 8 | 4; readonly blockLength: number }

/** The nearest codes of x [n]. */
export function packCodes(x: Tensor, options: CodeOptions): DeviceCodes {
  const grids = run('QuantizationGrids', { x }, options);
  return { codes: run('PackCodes', { x, grids }, options), grids };
}

export function unpackCodes({ codes, grids }: DeviceCodes, count: number, options: CodeOptions): Tensor {
  return run('UnpackCodes', { codes, grids }, { ...options, count });
}
