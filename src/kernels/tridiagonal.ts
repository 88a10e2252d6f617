/**
 * Householder reduction of a symmetric matrix to tridiagonal form in float64 (Golub and Van Loan, Matrix Computations, 8.3.1):
 *
 *   A = Q T Q^T,   Q = H_(n-1) ... H_1,   H_i = I - u_i u_i^T / h_i
 *
 * H_i acts on the coordinates before i. Rows are eliminated from the last to the first, so a matrix graded from small to
 * large keeps the accuracy of its small part. Every loop runs along a row. Takes 4/3 n^3 operations and holds nothing.
 */

/**
 * Reads the lower triangle of `matrix` [n, n], row-major with `stride` columns. T is left in the diagonal of `matrix` and in
 * `beside` [n], whose entry i couples i - 1 and i (entry 0 is 0); u_i in row i before the diagonal, h_i in `lengths` [n]
 * (0: H_i = I).
 */
export function tridiagonalize(matrix: Float64Array, stride: number, n: number, lengths: Float64Array, beside: Float64Array): void {
  for (let row = n - 1; row > 0; row--) {
    const start = row * stride;
    const largest = largestBefore(matrix, start, row - 1);
    const last = matrix[start + row - 1] ?? 0;
    lengths[row] = 0;
    if (largest === 0) {
      beside[row] = last;
      continue;
    }
    const scale = Math.max(largest, Math.abs(last));
    let squares = 0;
    for (let at = start; at < start + row; at++) {
      const entry = (matrix[at] ?? 0) / scale;
      matrix[at] = entry;
      squares += entry * entry;
    }
    const norm = last >= 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
    const scaledLast = last / scale;
    const h = squares - scaledLast * norm;
    matrix[start + row - 1] = scaledLast - norm;
    lengths[row] = h;
    multiply(matrix, stride, row, start, beside);
    reflect(matrix, stride, row, start, h, beside);
    beside[row] = scale * norm;
  }
  if (n > 0) lengths[0] = beside[0] = 0;
}

/** Turns `vector` [n], which starts at `at`, by H_row of a reduced matrix. */
export function applyReflection(matrix: Float64Array, stride: number, row: number, lengths: Float64Array, vector: Float64Array, at: number): void {
  const length = lengths[row] ?? 0;
  if (length === 0) return;
  const u = row * stride;
  let along = 0;
  for (let column = 0; column < row; column++) along += (matrix[u + column] ?? 0) * (vector[at + column] ?? 0);
  along /= length;
  for (let column = 0; column < row; column++) vector[at + column] = (vector[at + column] ?? 0) - along * (matrix[u + column] ?? 0);
}

function largestBefore(matrix: Float64Array, start: number, count: number): number {
  let largest = 0;
  for (let at = start; at < start + count; at++) largest = Math.max(largest, Math.abs(matrix[at] ?? 0));
  return largest;
}

/** product [n] = A u, A being the leading n rows by their lower triangle, u [n] at `u`. */
function multiply(matrix: Float64Array, stride: number, n: number, u: number, product: Float64Array): void {
  product.fill(0, 0, n);
  let row = 0;
  for (; row + 1 < n; row += 2) multiplyTwo(matrix, stride, row, u, product);
  if (row < n) {
    const start = row * stride;
    const factor = matrix[u + row] ?? 0;
    let sum = (matrix[start + row] ?? 0) * factor;
    for (let column = 0; column < row; column++) {
      const entry = matrix[start + column] ?? 0;
      sum += entry * (matrix[u + column] ?? 0);
      product[column] = (product[column] ?? 0) + entry * factor;
    }
    product[row] = (product[row] ?? 0) + sum;
  }
}

/** Two rows at a time share the traffic of u and of the product. */
function multiplyTwo(matrix: Float64Array, stride: number, row: number, u: number, product: Float64Array): void {
  const first = row * stride;
  const second = first + stride;
  const a = matrix[u + row] ?? 0;
  const b = matrix[u + row + 1] ?? 0;
  const corner = matrix[second + row] ?? 0;
  let sumFirst = (matrix[first + row] ?? 0) * a + corner * b;
  let sumSecond = (matrix[second + row + 1] ?? 0) * b + corner * a;
  for (let column = 0; column < row; column++) {
    const above = matrix[first + column] ?? 0;
    const below = matrix[second + column] ?? 0;
    const entry = matrix[u + column] ?? 0;
    sumFirst += above * entry;
    sumSecond += below * entry;
    product[column] = (product[column] ?? 0) + above * a + below * b;
  }
  product[row] = (product[row] ?? 0) + sumFirst;
  product[row + 1] = (product[row + 1] ?? 0) + sumSecond;
}

/** A = H A H = A - u q^T - q u^T with q = p - (u . p / 2h) u and p = A u / h; `product` is A u, and is used up. */
function reflect(matrix: Float64Array, stride: number, n: number, u: number, h: number, product: Float64Array): void {
  let along = 0;
  for (let at = 0; at < n; at++) along += (matrix[u + at] ?? 0) * (product[at] ?? 0);
  const half = along / (2 * h * h);
  for (let at = 0; at < n; at++) product[at] = (product[at] ?? 0) / h - half * (matrix[u + at] ?? 0);
  for (let row = 0; row < n; row++) {
    const start = row * stride;
    const a = matrix[u + row] ?? 0;
    const b = product[row] ?? 0;
    for (let column = 0; column <= row; column++) {
      matrix[start + column] = (matrix[start + column] ?? 0) - a * (product[column] ?? 0) - b * (matrix[u + column] ?? 0);
    }
  }
}
