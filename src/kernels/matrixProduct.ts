/**
 * Products of dense matrices, in any orientation and summed in float64: C = keep C + scale A B. 32 rows of A and two columns
 * of B at a time are copied to scratch in the order in which tiles of 4 by 2 sums read them, so strides cost nothing in the
 * inner loop and A may be C itself. What exceeds the type of C stays at its largest number.
 */
import { largestFloat } from './saturate';

export interface Matrix {
  readonly values: Float32Array | Float64Array;
  /** Of entry (0, 0). */
  readonly start: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

const rowsAtOnce = 32;

/** Row-major, from `start`. */
export function matrixOf(values: Float32Array | Float64Array, rows: number, columns: number, start = 0): Matrix {
  return { values, start, rows, columns, rowStride: columns, columnStride: 1 };
}

export function transposed({ values, start, rows, columns, rowStride, columnStride }: Matrix): Matrix {
  return { values, start, rows: columns, columns: rows, rowStride: columnStride, columnStride: rowStride };
}

/** Scratch for products whose inner side has up to `longest` entries. */
export function createProductScratch(longest: number): Float64Array {
  return new Float64Array((rowsAtOnce + 2) * longest + 8);
}

/** result = keep * result + scale * a b. `a` may be `result`; `b` may not. */
export function matrixProduct(a: Matrix, b: Matrix, result: Matrix, scratch: Float64Array, scale = 1, keep = 0): void {
  multiply(a, b, result, scratch, scale, keep, false);
}

/** result = keep * result + scale * a a^T, of a symmetric `result` that is not `a`. */
export function gramOf(a: Matrix, result: Matrix, scratch: Float64Array, scale = 1, keep = 0): void {
  multiply(a, transposed(a), result, scratch, scale, keep, true);
  const { values, start, rows, rowStride, columnStride } = result;
  for (let row = 1; row < rows; row++) {
    for (let column = 0; column < row; column++) values[start + row * rowStride + column * columnStride] = values[start + column * rowStride + row * columnStride] ?? 0;
  }
}

/** Where `isUpper`, only the diagonal and what is above it must be right. */
function multiply(a: Matrix, b: Matrix, result: Matrix, scratch: Float64Array, scale: number, keep: number, isUpper: boolean): void {
  const inner = a.columns;
  const packedColumns = rowsAtOnce * inner;
  for (let top = 0; top < a.rows; top += rowsAtOnce) {
    const bottom = Math.min(top + rowsAtOnce, a.rows);
    for (let row = top; row < bottom; row += 4) pack(a, row, 4, scratch, (row - top) * inner);
    for (let column = isUpper ? top : 0; column < b.columns; column += 2) {
      pack(transposed(b), column, 2, scratch, packedColumns);
      for (let row = top; row < (isUpper ? Math.min(bottom, column + 2) : bottom); row += 4) {
        multiplyTile(scratch, (row - top) * inner, packedColumns, inner);
        store(result, row, column, scratch, packedColumns + 2 * inner, scale, keep);
      }
    }
  }
}

/** Copies `count` rows entry by entry, zeros where there is no such row. */
function pack({ values, start, rows, columns, rowStride, columnStride }: Matrix, first: number, count: number, packed: Float64Array, to: number): void {
  for (let lane = 0; lane < count; lane++) {
    const isRow = first + lane < rows;
    let from = start + (first + lane) * rowStride;
    for (let at = to + lane; at < to + count * columns; at += count) {
      packed[at] = isRow ? values[from] ?? 0 : 0;
      from += columnStride;
    }
  }
}

/** Eight sums over `inner` entries, written after the two packed columns. */
function multiplyTile(packed: Float64Array, rows: number, columns: number, inner: number): void {
  let [a0, a1, b0, b1, c0, c1, d0, d1] = [0, 0, 0, 0, 0, 0, 0, 0];
  const end = columns + 2 * inner;
  let row = rows;
  for (let column = columns; column < end; column += 2) {
    const x = packed[column] ?? 0;
    const y = packed[column + 1] ?? 0;
    const a = packed[row] ?? 0;
    const b = packed[row + 1] ?? 0;
    const c = packed[row + 2] ?? 0;
    const d = packed[row + 3] ?? 0;
    a0 += a * x;
    a1 += a * y;
    b0 += b * x;
    b1 += b * y;
    c0 += c * x;
    c1 += c * y;
    d0 += d * x;
    d1 += d * y;
    row += 4;
  }
  packed[end] = a0;
  packed[end + 1] = a1;
  packed[end + 2] = b0;
  packed[end + 3] = b1;
  packed[end + 4] = c0;
  packed[end + 5] = c1;
  packed[end + 6] = d0;
  packed[end + 7] = d1;
}

function store({ values, start, rows, columns, rowStride, columnStride }: Matrix, row: number, column: number, sums: Float64Array, from: number, scale: number, keep: number): void {
  const largest = values instanceof Float32Array ? largestFloat : Number.MAX_VALUE;
  const bottom = Math.min(4, rows - row);
  const right = Math.min(2, columns - column);
  for (let down = 0; down < bottom; down++) {
    for (let across = 0; across < right; across++) {
      const at = start + (row + down) * rowStride + (column + across) * columnStride;
      const sum = keep * (values[at] ?? 0) + scale * (sums[from + 2 * down + across] ?? 0);
      values[at] = Math.max(-largest, Math.min(largest, sum));
    }
  }
}
