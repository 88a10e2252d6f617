/**
 * Symmetric matrices in float64, row-major and whole: the leading `count` rows and columns of one with `stride` columns. Four
 * rows are worked on at a time, so that an entry of a vector is read once for four of the matrix.
 */

/** result = matrix * vector */
export function symmetricProduct(matrix: Float64Array, stride: number, count: number, vector: Float64Array, result: Float64Array): void {
  let row = 0;
  for (; row + 3 < count; row += 4) {
    const first = row * stride;
    const [second, third, fourth] = [first + stride, first + 2 * stride, first + 3 * stride];
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let at = 0; at < count; at++) {
      const factor = vector[at] ?? 0;
      a += (matrix[first + at] ?? 0) * factor;
      b += (matrix[second + at] ?? 0) * factor;
      c += (matrix[third + at] ?? 0) * factor;
      d += (matrix[fourth + at] ?? 0) * factor;
    }
    result[row] = a;
    result[row + 1] = b;
    result[row + 2] = c;
    result[row + 3] = d;
  }
  for (; row < count; row++) {
    let sum = 0;
    for (let at = 0; at < count; at++) sum += (matrix[row * stride + at] ?? 0) * (vector[at] ?? 0);
    result[row] = sum;
  }
}

/** matrix = matrix + first * x x^T + second * y y^T */
export function addTwoOuterProducts(
  matrix: Float64Array, stride: number, count: number, first: number, x: Float64Array, second: number, y: Float64Array,
): void {
  let row = 0;
  for (; row + 3 < count; row += 4) addToFourRows(matrix, row, stride, count, first, x, second, y);
  for (; row < count; row++) {
    const start = row * stride;
    const [a, b] = [first * (x[row] ?? 0), second * (y[row] ?? 0)];
    for (let column = 0; column < count; column++) {
      matrix[start + column] = (matrix[start + column] ?? 0) + a * (x[column] ?? 0) + b * (y[column] ?? 0);
    }
  }
}

function addToFourRows(matrix: Float64Array, row: number, stride: number, count: number, first: number, x: Float64Array, second: number, y: Float64Array): void {
  const start = row * stride;
  const [one, two, three] = [start + stride, start + 2 * stride, start + 3 * stride];
  const [x0, x1, x2, x3] = [first * (x[row] ?? 0), first * (x[row + 1] ?? 0), first * (x[row + 2] ?? 0), first * (x[row + 3] ?? 0)];
  const [y0, y1, y2, y3] = [second * (y[row] ?? 0), second * (y[row + 1] ?? 0), second * (y[row + 2] ?? 0), second * (y[row + 3] ?? 0)];
  for (let column = 0; column < count; column++) {
    const [u, v] = [x[column] ?? 0, y[column] ?? 0];
    matrix[start + column] = (matrix[start + column] ?? 0) + x0 * u + y0 * v;
    matrix[one + column] = (matrix[one + column] ?? 0) + x1 * u + y1 * v;
    matrix[two + column] = (matrix[two + column] ?? 0) + x2 * u + y2 * v;
    matrix[three + column] = (matrix[three + column] ?? 0) + x3 * u + y3 * v;
  }
}
