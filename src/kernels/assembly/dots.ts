/**
 * Dot products of the rows of one panel with one sparse row, in float64, added to `sums` [rows]. The row is written out into
 * `tile`, and every entry of the window is multiplied with what it finds there. Looking first whether it finds anything would
 * save most multiplications and most of the reading, but rows of one window share much of their support, and four entries at
 * a time need no branch.
 *
 * `tile` (float32) is zero before and after. Values are float32, or bfloat16 where `narrow`.
 */
import { readValue } from './values';

export function dots(
  windowValues: usize, windowIndices: usize, kept: usize, rows: usize, narrow: bool,
  rowValues: usize, rowIndices: usize, tile: usize, sums: usize,
): void {
  for (let i: usize = 0; i < kept; i++) store<f32>(tile + (<usize>load<u16>(rowIndices + (i << 1)) << 2), readValue(rowValues, i, narrow));
  for (let r: usize = 0; r < rows; r++) {
    const indices = windowIndices + r * kept * 2;
    const dot = narrow ? rowDot<u16>(windowValues + r * kept * 2, indices, kept, tile) : rowDot<f32>(windowValues + r * kept * 4, indices, kept, tile);
    store<f64>(sums + (r << 3), load<f64>(sums + (r << 3)) + dot);
  }
  for (let i: usize = 0; i < kept; i++) store<f32>(tile + (<usize>load<u16>(rowIndices + (i << 1)) << 2), 0);
}

function rowDot<T>(values: usize, indices: usize, kept: usize, tile: usize): f64 {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  const whole = kept & ~3;
  let i: usize = 0;
  for (; i < whole; i += 4) {
    const index = indices + (i << 1);
    let met = v128.load32_zero(tile + (<usize>load<u16>(index) << 2));
    met = v128.load32_lane(tile + (<usize>load<u16>(index, 2) << 2), met, 1);
    met = v128.load32_lane(tile + (<usize>load<u16>(index, 4) << 2), met, 2);
    met = v128.load32_lane(tile + (<usize>load<u16>(index, 6) << 2), met, 3);
    const four = fourValues<T>(values + i * sizeof<T>());
    even = f64x2.add(even, f64x2.mul(f64x2.promote_low_f32x4(met), f64x2.promote_low_f32x4(four)));
    odd = f64x2.add(odd, f64x2.mul(f64x2.promote_low_f32x4(upper(met)), f64x2.promote_low_f32x4(upper(four))));
  }
  const both = f64x2.add(even, odd);
  let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; i < kept; i++) sum += <f64>readValue(values, i, sizeof<T>() == 2) * <f64>load<f32>(tile + (<usize>load<u16>(indices + (i << 1)) << 2));
  return sum;
}

// @ts-ignore: decorator
@inline
function upper(four: v128): v128 {
  return v128.shuffle<i32>(four, four, 2, 3, 2, 3);
}

// @ts-ignore: decorator
@inline
function fourValues<T>(at: usize): v128 {
  return sizeof<T>() == 2 ? i32x4.shl(v128.load16x4_u(at), 16) : v128.load(at);
}
