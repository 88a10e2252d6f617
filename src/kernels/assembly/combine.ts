/**
 * Linear combination of the rows of one panel: out = sum_r coefficients[r] * row r. Rows that are nearly dependent get large
 * coefficients of opposite sign, so the sum is formed in float64, in `sums` [length], and rounded once.
 */
import { touchAhead } from './touchAhead';

export function combine(
  windowValues: usize, windowIndices: usize, kept: usize, rows: usize, narrow: bool, coefficients: usize, sums: usize, length: usize, out: usize,
): void {
  memory.fill(sums, 0, length << 3);
  const bytes: usize = narrow ? 2 : 4;
  let touched: u32 = 0;
  for (let r: usize = 0; r < rows; r++) {
    const factor = load<f64>(coefficients + (r << 3));
    if (factor == 0) continue;
    const values = windowValues + r * kept * bytes;
    const indices = windowIndices + r * kept * 2;
    touched += touchAhead(values, indices);
    if (narrow) addRow<u16>(values, indices, kept, factor, sums);
    else addRow<f32>(values, indices, kept, factor, sums);
  }
  store<u32>(out, touched); // and is overwritten
  let i: usize = 0;
  for (; i + 4 <= length; i += 4) {
    const low = f32x4.demote_f64x2_zero(v128.load(sums + (i << 3)));
    const high = f32x4.demote_f64x2_zero(v128.load(sums + (i << 3), 16));
    v128.store(out + (i << 2), v128.shuffle<i32>(low, high, 0, 1, 4, 5));
  }
  for (; i < length; i++) store<f32>(out + (i << 2), <f32>load<f64>(sums + (i << 3)));
}

// @ts-ignore: decorator
@inline
function add<T>(value: usize, index: usize, factor: f64, sums: usize): void {
  const entry = sizeof<T>() == 2 ? reinterpret<f32>(<u32>load<u16>(value) << 16) : load<f32>(value);
  const sum = sums + (<usize>load<u16>(index) << 3);
  store<f64>(sum, load<f64>(sum) + factor * <f64>entry);
}

function addRow<T>(values: usize, indices: usize, kept: usize, factor: f64, sums: usize): void {
  const whole = kept & ~3;
  let i: usize = 0;
  for (; i < whole; i += 4) {
    const index = indices + (i << 1);
    const value = values + i * sizeof<T>();
    add<T>(value, index, factor, sums);
    add<T>(value + sizeof<T>(), index + 2, factor, sums);
    add<T>(value + 2 * sizeof<T>(), index + 4, factor, sums);
    add<T>(value + 3 * sizeof<T>(), index + 6, factor, sums);
  }
  for (; i < kept; i++) add<T>(values + i * sizeof<T>(), indices + (i << 1), factor, sums);
}
