/** Rows of a sparse window, one at a time: writing, reading, moving. */
import { fromBfloat16 } from './bfloat16';
import { forEachPanel, type SparseRow, type SparseRows } from './panelLayout';

/** Row `slot` of `rows` becomes `row`, which has the same layout and precision. */
export function writeRow(rows: SparseRows, slot: number, { values, indices }: SparseRow): void {
  forEachPanel(rows, ({ before, kept }, { windowValues, windowIndices }, offset) => {
    const to = offset + slot * kept;
    for (let at = 0; at < kept; at++) {
      windowValues[to + at] = values[before + at] ?? 0;
      windowIndices[to + at] = indices[before + at] ?? 0;
    }
  });
}

/** `vector` [d] = row `slot`, in full. */
export function readRow(rows: SparseRows, slot: number, vector: Float32Array): void {
  vector.fill(0);
  forEachPanel(rows, ({ start, kept }, { windowValues, windowIndices }, offset) => {
    const narrow = windowValues instanceof Uint16Array;
    const from = offset + slot * kept;
    for (let at = from; at < from + kept; at++) {
      vector[start + (windowIndices[at] ?? 0)] = narrow ? fromBfloat16(windowValues[at] ?? 0) : windowValues[at] ?? 0;
    }
  });
}

/** `row` = row `slot`. */
export function copyRow(rows: SparseRows, slot: number, { values, indices }: SparseRow): void {
  forEachPanel(rows, ({ before, kept }, { windowValues, windowIndices }, offset) => {
    const from = offset + slot * kept;
    for (let at = 0; at < kept; at++) {
      values[before + at] = windowValues[from + at] ?? 0;
      indices[before + at] = windowIndices[from + at] ?? 0;
    }
  });
}
