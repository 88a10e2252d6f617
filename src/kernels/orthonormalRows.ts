/**
 * Makes the rows of a matrix orthonormal in float64, each from what the rows before it leave of it: modified Gram-Schmidt,
 * twice over, which is as accurate as Householder reflections and runs along rows. A row of zeros stays.
 */
import { runDot } from './runDot';

/** `rows` [n, n], row-major. */
export function orthonormalizeRows(rows: Float64Array, n: number): void {
  for (let row = 0; row < n; row++) {
    const start = row * n;
    for (let pass = 0; pass < 2; pass++) {
      normalizeRow(rows, start, n);
      for (let before = 0; before < start; before += n) removeRow(rows, start, before, n);
    }
    normalizeRow(rows, start, n);
  }
}

function normalizeRow(rows: Float64Array, start: number, n: number): void {
  const length = Math.sqrt(runDot(rows, start, start, n));
  if (length === 0) return;
  for (let at = start; at < start + n; at++) rows[at] = (rows[at] ?? 0) / length;
}

function removeRow(rows: Float64Array, start: number, other: number, n: number): void {
  const along = runDot(rows, start, other, n);
  for (let at = 0; at < n; at++) rows[start + at] = (rows[start + at] ?? 0) - along * (rows[other + at] ?? 0);
}
