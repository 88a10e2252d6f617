/** Layouts and rows on the device, made from host arrays. */
import { dispose, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { blockLayout } from '../../../src/kernels/device/blockLayout';
import type { DeviceLayout } from '../../../src/kernels/device/deviceKernels';
import { createRows, encodeRow, moveRow, tensorsOf, wholeRow, type DeviceRows, type SparseForm } from '../../../src/kernels/device/deviceRows';
import type { SparseRow } from '../../../src/kernels/panelLayout';
import { runsOf } from '../../../src/settings/formulas/blocks';
import { absoluteIndices, flatSpace } from '../kernels/flatSpace';

export function flatLayout(dimension: number, density: number, blockSize: number | null): DeviceLayout {
  const layout = blockLayout(dimension, runsOf({ density, blockSize, groups: [] }, flatSpace(dimension)));
  return { ...layout, runTable: tensor1d(layout.table, 'int32') };
}

export function denseRows(vectors: readonly Float32Array[]): DeviceRows {
  const rows = createRows(vectors.length, vectors[0]!.length);
  tidy(() => vectors.forEach((vector, slot) => moveRow(rows, slot, wholeRow(tensor1d(vector, 'float32')), 0)));
  return rows;
}

export function sparseRows(vectors: readonly SparseRow[], form: SparseForm): DeviceRows {
  const rows = createRows(vectors.length, form.layout.dimension, form);
  tidy(() => vectors.forEach((row, slot) => {
    const [values, indices] = [tensor1d(Float32Array.from(row.values), 'float32'), tensor1d(absoluteIndices(row), 'int32')];
    moveRow(rows, slot, encodeRow({ values, indices }, form), 0);
  }));
  return rows;
}

export function disposeRows(rows: DeviceRows): void {
  dispose(tensorsOf(rows));
}
