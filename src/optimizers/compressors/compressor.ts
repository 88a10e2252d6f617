/** Decides what is kept of a vector: c = C(a). */
import type { ParameterSpace } from '../../settings/parameterSpace';
import type { Allocate, Residual } from '../residual';
import type { Kept } from '../transformation';

export interface Compressor<Row extends Kept> {
  readonly name: string;
  /** Where a residual must lie for `feedBack` to reach it; anywhere, where nothing is said. */
  readonly allocate?: Allocate;
  /** An empty row, as the settings ask now. */
  init(space: ParameterSpace): Row;
  /** Writes C(vector) to `row`; `vector` [d] stays as it is. `step` counts from 1. */
  compress(vector: Float32Array, row: Row, step: number): void;
  /** vector = vector - row: what compression left out. */
  subtract(row: Row, vector: Float32Array): void;
  /** vector = row, in full. */
  expand(row: Row, vector: Float32Array): void;
  /** The four steps of error feedback in one pass over the vector; false, with nothing done, where that cannot be. */
  feedBack?(residual: Residual, vector: Float32Array, row: Row): boolean;
  /** `row` itself where it is still as the settings ask, else another one that is. */
  fit(row: Row, space: ParameterSpace): Row;
}
