/** How a preconditioner remembers gradients: the rows of its window, dense, block-sparse or low-rank. */
import type { ParameterSpace } from '../../settings/parameterSpace';
import type { Updates } from '../transformation';

export interface Window<Rows> {
  /** Room for `size` rows, all zero. */
  init(space: ParameterSpace, size: number): Rows;
  /** Row `slot` becomes the vector of `updates`. */
  write(rows: Rows, slot: number, updates: Updates): void;
  /** Row `slot` in full: `vector` [d]. */
  read(rows: Rows, slot: number, vector: Float32Array): void;
  /** dots[r] = row r . the vector of `updates`, for the first `count` rows. */
  dots(rows: Rows, updates: Updates, count: number, dots: Float64Array): void;
  /** dots[r] = row r . row `slot`, for the first `count` rows. */
  rowDots(rows: Rows, slot: number, count: number, dots: Float64Array): void;
  /** vector = sum_r coefficients[r] * row r, over the first `count` rows. */
  combine(rows: Rows, coefficients: Float64Array, count: number, vector: Float32Array): void;
  /** Whether the rows are already as the settings now ask; false where `remap` will change what they hold. */
  fits(rows: Rows, space: ParameterSpace): boolean;
  /** New room for `size` rows; the first are the old ones at `slots`, in that order, as the settings now ask. */
  remap(rows: Rows, space: ParameterSpace, size: number, slots: readonly number[]): Rows;
}
