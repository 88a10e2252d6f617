/** How a preconditioner remembers gradients: the rows of its window, dense or block-sparse. */
import type { Updates } from '../transformation';

export interface Window<Rows> {
  /** Room for `size` rows, all zero. */
  init(dimension: number, size: number): Rows;
  /** Row `slot` becomes the vector of `updates`. */
  write(rows: Rows, slot: number, updates: Updates): void;
  /** Row `slot` in full: `vector` [d]. */
  read(rows: Rows, slot: number, vector: Float32Array): void;
  /** dots[r] = row r . vector, for the first `count` rows. */
  dots(rows: Rows, vector: Float32Array, count: number, dots: Float64Array): void;
  /** vector = sum_r coefficients[r] * row r, over the first `count` rows. */
  combine(rows: Rows, coefficients: Float64Array, count: number, vector: Float32Array): void;
  /** Whether the rows are already as the settings now ask; false where `remap` will change what they hold. */
  fits(rows: Rows, dimension: number): boolean;
  /** New room for `size` rows; the first are the old ones at `slots`, in that order, as the settings now ask. */
  remap(rows: Rows, dimension: number, size: number, slots: readonly number[]): Rows;
}
