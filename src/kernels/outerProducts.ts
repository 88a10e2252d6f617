/** The second moments of rows, in float64: sum_r x_r x_r^T. Four rows at a time share the traffic of the result. */

/**
 * x_r is `length` entries from `first` on of row r of `rows` [count, .]; writes the lower triangle of `result` [length, length].
 * Both are row-major with `stride` columns.
 */
export function outerProducts(rows: Float64Array, stride: number, count: number, first: number, length: number, result: Float64Array): void {
  for (let row = 0; row < length; row++) result.fill(0, row * stride, row * stride + row + 1);
  let row = 0;
  for (; row + 3 < count; row += 4) addFour(rows, stride, row * stride + first, length, result);
  for (; row < count; row++) addOne(rows, stride, row * stride + first, length, result);
}

function addFour(rows: Float64Array, stride: number, a: number, length: number, result: Float64Array): void {
  const b = a + stride;
  const c = b + stride;
  const d = c + stride;
  for (let row = 0; row < length; row++) {
    const start = row * stride;
    const factorA = rows[a + row] ?? 0;
    const factorB = rows[b + row] ?? 0;
    const factorC = rows[c + row] ?? 0;
    const factorD = rows[d + row] ?? 0;
    for (let column = 0; column <= row; column++) {
      result[start + column] = (result[start + column] ?? 0) + factorA * (rows[a + column] ?? 0) + factorB * (rows[b + column] ?? 0)
        + factorC * (rows[c + column] ?? 0) + factorD * (rows[d + column] ?? 0);
    }
  }
}

function addOne(rows: Float64Array, stride: number, a: number, length: number, result: Float64Array): void {
  for (let row = 0; row < length; row++) {
    const start = row * stride;
    const factor = rows[a + row] ?? 0;
    for (let column = 0; column <= row; column++) result[start + column] = (result[start + column] ?? 0) + factor * (rows[a + column] ?? 0);
  }
}
