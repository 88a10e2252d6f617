/**
 * Products of a float32 matrix M [rows, columns], row-major, with a few columns, summed in float64: M Q and M^T P. M is read
 * once for four columns of Q, and four of its rows at a time for a column of P. Holds nothing.
 */

export interface MatrixPlace {
  readonly start: number;
  readonly rows: number;
  readonly columns: number;
}

/** left [count, rows] = (M Q)^T, with the columns of Q [count, columns] in `factors` from `q` on. */
export function timesRight(vector: Float32Array, { start, rows, columns }: MatrixPlace, factors: Float32Array, q: number, count: number, left: Float64Array): void {
  for (let row = 0; row < rows; row++) {
    const from = start + row * columns;
    let index = 0;
    for (; index + 3 < count; index += 4) fourDots(vector, from, columns, factors, q + index * columns, left, index * rows + row, rows);
    for (; index < count; index++) {
      const column = q + index * columns;
      let sum = 0;
      for (let at = 0; at < columns; at++) sum += (vector[from + at] ?? 0) * (factors[column + at] ?? 0);
      left[index * rows + row] = sum;
    }
  }
}

function fourDots(vector: Float32Array, from: number, columns: number, factors: Float32Array, q: number, left: Float64Array, to: number, stride: number): void {
  const r = q + columns;
  const s = r + columns;
  const t = s + columns;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let at = 0; at < columns; at++) {
    const entry = vector[from + at] ?? 0;
    a += entry * (factors[q + at] ?? 0);
    b += entry * (factors[r + at] ?? 0);
    c += entry * (factors[s + at] ?? 0);
    d += entry * (factors[t + at] ?? 0);
  }
  left[to] = a;
  left[to + stride] = b;
  left[to + 2 * stride] = c;
  left[to + 3 * stride] = d;
}

/** right [count, columns] = (M^T P)^T, with the columns of P in `left` [count, rows]. */
export function timesLeft(vector: Float32Array, { start, rows, columns }: MatrixPlace, left: Float64Array, count: number, right: Float64Array): void {
  right.fill(0, 0, count * columns);
  let row = 0;
  for (; row + 3 < rows; row += 4) {
    for (let index = 0; index < count; index++) addFourRows(vector, start + row * columns, columns, left, index * rows + row, right, index * columns);
  }
  for (; row < rows; row++) {
    for (let index = 0; index < count; index++) addRow(vector, start + row * columns, columns, left[index * rows + row] ?? 0, right, index * columns);
  }
}

function addFourRows(vector: Float32Array, a: number, columns: number, left: Float64Array, at: number, right: Float64Array, to: number): void {
  const b = a + columns;
  const c = b + columns;
  const d = c + columns;
  const shareA = left[at] ?? 0;
  const shareB = left[at + 1] ?? 0;
  const shareC = left[at + 2] ?? 0;
  const shareD = left[at + 3] ?? 0;
  for (let column = 0; column < columns; column++) {
    right[to + column] = (right[to + column] ?? 0) + shareA * (vector[a + column] ?? 0) + shareB * (vector[b + column] ?? 0)
      + shareC * (vector[c + column] ?? 0) + shareD * (vector[d + column] ?? 0);
  }
}

function addRow(vector: Float32Array, from: number, columns: number, share: number, right: Float64Array, to: number): void {
  for (let column = 0; column < columns; column++) right[to + column] = (right[to + column] ?? 0) + share * (vector[from + column] ?? 0);
}
