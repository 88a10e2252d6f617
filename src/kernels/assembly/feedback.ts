/** Error feedback on one panel, in place and in the registers of SIMD. */
import { readValue } from './values';

/** vector = vector + residual; a sum beyond float32 stays at its largest number. */
export function accumulate(vector: usize, residual: usize, length: usize): void {
  const largest = f32x4.splat(f32.MAX_VALUE);
  const smallest = f32x4.splat(-f32.MAX_VALUE);
  let i: usize = 0;
  for (; i + 4 <= length; i += 4) {
    const sum = f32x4.add(v128.load(vector + (i << 2)), v128.load(residual + (i << 2)));
    v128.store(vector + (i << 2), f32x4.pmin(f32x4.pmax(sum, smallest), largest));
  }
  for (; i < length; i++) {
    const sum = load<f32>(vector + (i << 2)) + load<f32>(residual + (i << 2));
    store<f32>(vector + (i << 2), max(min(sum, f32.MAX_VALUE), -f32.MAX_VALUE));
  }
}

/** vector = vector - the kept entries. */
export function subtract(vector: usize, values: usize, indices: usize, kept: usize, narrow: bool): void {
  for (let i: usize = 0; i < kept; i++) {
    const at = vector + (<usize>load<u16>(indices + (i << 1)) << 2);
    store<f32>(at, load<f32>(at) - readValue(values, i, narrow));
  }
}

/** vector = the kept entries, and zero everywhere else. */
export function expand(vector: usize, length: usize, values: usize, indices: usize, kept: usize, narrow: bool): void {
  memory.fill(vector, 0, length << 2);
  for (let i: usize = 0; i < kept; i++) store<f32>(vector + (<usize>load<u16>(indices + (i << 1)) << 2), readValue(values, i, narrow));
}
