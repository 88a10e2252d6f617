/** One sparse row against a whole vector. */
import { fromBfloat16 } from './bfloat16';
import type { SparseRow } from './panelLayout';

/** vector = the row, zero where it keeps nothing. */
export function expandRow({ layout, values, indices }: SparseRow, vector: Float32Array): void {
  const narrow = values instanceof Uint16Array;
  vector.fill(0);
  for (const { start, before, kept } of layout.panels) {
    for (let at = before; at < before + kept; at++) vector[start + (indices[at] ?? 0)] = narrow ? fromBfloat16(values[at] ?? 0) : values[at] ?? 0;
  }
}

/** vector = vector - the row. */
export function subtractRow({ layout, values, indices }: SparseRow, vector: Float32Array): void {
  const narrow = values instanceof Uint16Array;
  for (const { start, before, kept } of layout.panels) {
    for (let at = before; at < before + kept; at++) {
      const index = start + (indices[at] ?? 0);
      vector[index] = (vector[index] ?? 0) - (narrow ? fromBfloat16(values[at] ?? 0) : values[at] ?? 0);
    }
  }
}
