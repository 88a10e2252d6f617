/** Vectors as spaces of one tensor, their blocks one by one, and rows of them. */
import type { PanelLayout, Precision, SparseRow, SparseRows } from '../../../src/kernels/panelLayout';
import { writeRow } from '../../../src/kernels/rowStorage';
import type { SparseCompute } from '../../../src/kernels/sparseCompute';
import { typedArrays } from '../../../src/kernels/typedArrays';
import { panelsOf } from '../../../src/optimizers/compressors/panelsOf';
import { runsOf } from '../../../src/settings/formulas/blocks';
import { parameterSpace } from '../../../src/settings/parameterSpace';

export const flatSpace = (dimension: number) => parameterSpace([{ name: 'w', shape: [dimension] }]);

export function layoutOf(dimension: number, density: number, blockSize: number | null): PanelLayout {
  return panelsOf({ density, blockSize, groups: [] }, flatSpace(dimension));
}

/** Every block on its own, from the runs that the settings state. */
export function blocksOf(dimension: number, density: number, blockSize: number | null): { start: number; length: number; kept: number }[] {
  return runsOf({ density, blockSize, groups: [] }, flatSpace(dimension)).flatMap(run => {
    const count = Math.ceil(run.length / run.blockSize);
    return Array.from({ length: count }, (_, index) => {
      const start = run.start + index * run.blockSize;
      return { start, length: Math.min(run.blockSize, run.start + run.length - start), kept: index === count - 1 ? run.keptInLast : run.keptPerBlock };
    });
  });
}

/** The Top-K of a vector. */
export function keptOf(vector: Float32Array, layout: PanelLayout, precision: Precision = 'float32', compute: SparseCompute = typedArrays): SparseRow {
  const row = compute.createRow(layout, precision);
  compute.topK(vector, row);
  return row;
}

/** A row's entries by their place in the whole vector. */
export function absoluteIndices({ layout, indices }: SparseRow): number[] {
  return layout.panels.flatMap(({ start, before, kept }) => [...indices.subarray(before, before + kept)].map(index => start + index));
}

/** The Top-K of each vector, as the rows of a window. */
export function rowsOf(vectors: readonly Float32Array[], layout: PanelLayout, precision: Precision = 'float32', compute: SparseCompute = typedArrays): SparseRows {
  const rows = compute.createRows(layout, vectors.length, precision);
  vectors.forEach((vector, slot) => writeRow(rows, slot, keptOf(vector, layout, precision, compute)));
  return rows;
}
