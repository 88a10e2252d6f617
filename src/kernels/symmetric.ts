/** Symmetric matrices in float64, row-major and whole: the leading `count` rows and columns of one with `stride` columns. */

/** result = matrix * vector */
export function symmetricProduct(matrix: Float64Array, stride: number, count: number, vector: Float64Array, result: Float64Array): void {
  for (let row = 0; row < count; row++) {
    const start = row * stride;
    let [a, b, c, d] = [0, 0, 0, 0];
    let at = 0;
    for (; at + 3 < count; at += 4) {
      a += (matrix[start + at] ?? 0) * (vector[at] ?? 0);
      b += (matrix[start + at + 1] ?? 0) * (vector[at + 1] ?? 0);
      c += (matrix[start + at + 2] ?? 0) * (vector[at + 2] ?? 0);
      d += (matrix[start + at + 3] ?? 0) * (vector[at + 3] ?? 0);
    }
    for (; at < count; at++) a += (matrix[start + at] ?? 0) * (vector[at] ?? 0);
    result[row] = a + b + c + d;
  }
}

/** matrix = matrix + first * x x^T + second * y y^T */
export function addTwoOuterProducts(
  matrix: Float64Array, stride: number, count: number, first: number, x: Float64Array, second: number, y: Float64Array,
): void {
  for (let row = 0; row < count; row++) {
    const start = row * stride;
    const [a, b] = [first * (x[row] ?? 0), second * (y[row] ?? 0)];
    for (let column = 0; column < count; column++) {
      matrix[start + column] = (matrix[start + column] ?? 0) + a * (x[column] ?? 0) + b * (y[column] ?? 0);
    }
  }
}
