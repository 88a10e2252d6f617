/** The gram G G^T of a window's rows in float64, row-major [m, m]; rows not yet filled are zero. */
import type { Window } from './window';

/** Row and column `slot` become the dot products of that row with the first `count`. */
export function setGramRow(gram: Float64Array, size: number, slot: number, count: number, dots: Float64Array): void {
  for (let row = 0; row < count; row++) {
    const dot = dots[row] ?? 0;
    gram[slot * size + row] = dot;
    gram[row * size + slot] = dot;
  }
}

/** The gram of rows that have only moved: row r of `result` was `slots[r]` of `gram`. */
export function copyGram(gram: Float64Array, size: number, slots: readonly number[], result: Float64Array, resultSize: number): void {
  slots.forEach((from, row) => {
    slots.forEach((to, column) => { result[row * resultSize + column] = gram[from * size + to] ?? 0; });
  });
}

/** The gram of rows that have changed, from the first `count` rows themselves. */
export function rebuildGram<Rows>(window: Window<Rows>, rows: Rows, count: number, gram: Float64Array, size: number, dots: Float64Array): void {
  for (let slot = 0; slot < count; slot++) {
    window.rowDots(rows, slot, slot + 1, dots);
    setGramRow(gram, size, slot, slot + 1, dots);
  }
}
