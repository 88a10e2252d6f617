/**
 * Eigenvalues and eigenvectors of a symmetric matrix in float64: A = V diag(values) V^T. Householder reduction to tridiagonal
 * form, then the implicit QL method (Golub and Van Loan, Matrix Computations, 8.3). The eigenvectors are built as rows, so
 * that every loop runs along a row, and transposed at the end. Takes about 8 n^3 operations and holds nothing.
 */
import { applyReflection, tridiagonalize } from './tridiagonal';

/** Of an eigenvalue; two or three are usual. */
const mostIterations = 60;
/** Couplings below this share of the largest entry are zero: squares of smaller numbers would leave the range of float64. */
const smallestCoupling = 1e-140;

/**
 * `matrix` [n, n], row-major, of which the lower triangle is read, becomes V, an eigenvector a column; `values` [n] ascend;
 * `scratch` [n]. Accurate relative to the largest eigenvalue, whatever the scale of the matrix.
 */
export function symmetricEigen(matrix: Float64Array, n: number, values: Float64Array, scratch: Float64Array): void {
  const scale = normalize(matrix, n);
  tridiagonalize(matrix, n, n, values, scratch);
  accumulate(matrix, n, values);
  scratch.copyWithin(0, 1, n);
  if (n > 0) scratch[n - 1] = 0;
  for (let at = 0; at < n; at++) isolate(at, matrix, n, values, scratch);
  sort(matrix, n, values);
  transpose(matrix, n);
  for (let at = 0; at < n; at++) values[at] = (values[at] ?? 0) * scale;
}

/** Divides by the power of two just below the largest magnitude, which it returns. */
function normalize(matrix: Float64Array, n: number): number {
  let largest = 0;
  for (let row = 0; row < n; row++) {
    for (let at = row * n; at <= row * n + row; at++) {
      const magnitude = Math.abs(matrix[at] ?? 0);
      if (!(magnitude <= Number.MAX_VALUE)) throw new RangeError(`The matrix of ${n} rows whose eigenvalues are wanted holds ${matrix[at] ?? 0}. All its entries must be finite.`);
      if (magnitude > largest) largest = magnitude;
    }
  }
  if (largest === 0) return 1;
  const scale = 2 ** Math.max(-1000, Math.floor(Math.log2(largest)));
  for (let at = 0; at < n * n; at++) matrix[at] = (matrix[at] ?? 0) / scale;
  return scale;
}

/** Q^T from the reflections, row by row: Q^T = H_1 ... H_(n-1). The diagonal of T moves to `values`, which held their lengths. */
function accumulate(matrix: Float64Array, n: number, values: Float64Array): void {
  for (let last = 0; last < n; last++) {
    const u = last * n;
    for (let row = 0; row < last; row++) applyReflection(matrix, n, last, values, matrix, row * n);
    values[last] = matrix[u + last] ?? 0;
    for (let at = 0; at < last; at++) matrix[u + at] = matrix[at * n + last] = 0;
    matrix[u + last] = 1;
  }
}

/** QL steps until the tridiagonal matrix of `diagonal` and `beside` (entry i couples i and i + 1) falls apart after entry `first`. */
function isolate(first: number, rows: Float64Array, n: number, diagonal: Float64Array, beside: Float64Array): void {
  for (let iteration = 0; iteration < mostIterations; iteration++) {
    let last = first;
    while (last < n - 1 && !isNegligible(last, diagonal, beside)) last++;
    if (last === first) return;
    step(first, last, rows, n, diagonal, beside);
  }
  throw new RangeError(`The eigenvalues of a matrix of ${n} rows did not converge in ${mostIterations} steps each.`);
}

function isNegligible(at: number, diagonal: Float64Array, beside: Float64Array): boolean {
  const coupling = Math.abs(beside[at] ?? 0);
  return coupling <= smallestCoupling || coupling <= Number.EPSILON * (Math.abs(diagonal[at] ?? 0) + Math.abs(diagonal[at + 1] ?? 0));
}

/** One implicit QL step with Wilkinson's shift on entries `first` to `last`, which hang together; its rotations go to `rows`. */
function step(first: number, last: number, rows: Float64Array, n: number, diagonal: Float64Array, beside: Float64Array): void {
  const coupling = beside[first] ?? 0;
  const half = ((diagonal[first + 1] ?? 0) - (diagonal[first] ?? 0)) / (2 * coupling);
  const root = Math.sqrt(half * half + 1);
  let g = (diagonal[last] ?? 0) - (diagonal[first] ?? 0) + coupling / (half + (half >= 0 ? root : -root));
  let sine = 1;
  let cosine = 1;
  let moved = 0;
  for (let at = last - 1; at >= first; at--) {
    const f = sine * (beside[at] ?? 0);
    const b = cosine * (beside[at] ?? 0);
    const length = Math.sqrt(f * f + g * g);
    beside[at + 1] = length;
    if (length === 0) {
      diagonal[at + 1] = (diagonal[at + 1] ?? 0) - moved;
      beside[last] = 0;
      return;
    }
    sine = f / length;
    cosine = g / length;
    g = (diagonal[at + 1] ?? 0) - moved;
    const turned = ((diagonal[at] ?? 0) - g) * sine + 2 * cosine * b;
    moved = sine * turned;
    diagonal[at + 1] = g + moved;
    g = cosine * turned - b;
    rotate(rows, at * n, n, sine, cosine);
  }
  diagonal[first] = (diagonal[first] ?? 0) - moved;
  beside[first] = g;
  beside[last] = 0;
}

/** Turns the row that starts at `start` and the one after it within their plane. */
function rotate(rows: Float64Array, start: number, n: number, sine: number, cosine: number): void {
  for (let at = start; at < start + n; at++) {
    const above = rows[at] ?? 0;
    const below = rows[at + n] ?? 0;
    rows[at] = cosine * above - sine * below;
    rows[at + n] = sine * above + cosine * below;
  }
}

/** Puts `values` in ascending order, and the rows with them. */
function sort(rows: Float64Array, n: number, values: Float64Array): void {
  for (let to = 0; to < n - 1; to++) {
    let smallest = to;
    for (let at = to + 1; at < n; at++) if ((values[at] ?? 0) < (values[smallest] ?? 0)) smallest = at;
    if (smallest === to) continue;
    swap(values, to, smallest);
    for (let at = 0; at < n; at++) swap(rows, to * n + at, smallest * n + at);
  }
}

function transpose(matrix: Float64Array, n: number): void {
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < row; column++) swap(matrix, row * n + column, column * n + row);
  }
}

function swap(array: Float64Array, one: number, other: number): void {
  const kept = array[one] ?? 0;
  array[one] = array[other] ?? 0;
  array[other] = kept;
}
