/** Who does the heavy arithmetic on vectors and sparse rows, and where their arrays live. */
import type { Residual } from './residual';
import type { PanelLayout, Precision, SparseRow, SparseRows } from './panelLayout';

export interface SparseCompute {
  /** Such as "typed arrays" or "wasm, 2 threads". */
  readonly name: string;
  /** Zeroed memory that every thread reaches without a copy. */
  allocate(bytes: number): ArrayBufferLike;
  /** A vector in such memory. */
  createVector(length: number): Float32Array;
  createRow(layout: PanelLayout, precision: Precision): SparseRow;
  /** Zeroed room for `size` rows. */
  createRows(layout: PanelLayout, size: number, precision: Precision): SparseRows;
  /** The entries of largest magnitude in every block of `vector` [d], which stays as it is. */
  topK(vector: Float32Array, row: SparseRow): void;
  /**
   * Top-K with error feedback in one pass: a = residual + vector, row = C(a), residual = a - row, vector = row in full. False,
   * with nothing done, where the arrays are out of reach. Absent where it would save nothing.
   */
  feedBack?(residual: Residual, vector: Float32Array, row: SparseRow): boolean;
  /** vector = vector - row */
  subtract(row: SparseRow, vector: Float32Array): void;
  /** vector = row, in full */
  expand(row: SparseRow, vector: Float32Array): void;
  /** dots[r] = row r . row, for the first `count` rows. */
  dots(rows: SparseRows, row: SparseRow, count: number, dots: Float64Array): void;
  /** vector = sum_r coefficients[r] * row r, over the first `count` rows. */
  combine(rows: SparseRows, coefficients: Float64Array, count: number, vector: Float32Array): void;
  /** Gives memory back of rows that are no longer in use. Absent where the engine sees to it in time. */
  reclaim?(): void;
  /** Whether no entry is NaN or infinite. */
  isFinite(vector: Float32Array): boolean;
  /** theta = theta - rate * (u + decay * theta); `values` holds theta, `vector` from `start` on u, which becomes what was added. */
  descend(vector: Float32Array, start: number, values: Float32Array, rate: number, decay: number): void;
}
