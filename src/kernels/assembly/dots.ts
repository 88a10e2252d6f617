/**
 * Dot products of the rows of one panel with one sparse row, in float64, added to `sums` [rows]. The row is written out, and
 * every entry of the window is multiplied with what it finds there. Looking first whether it finds anything would save most
 * multiplications and most of the reading, but rows of one window share much of their support, and pairs need no branch.
 *
 * A row of up to 255 entries is written out into `map`, a byte for every place, which says which of `compact` [256, float64]
 * it is: both fit the first cache, where `tile` (float32), which takes longer rows, fits the second only. `map` and `tile` are
 * zero before and after, and compact[0] is zero. Values are float32, or bfloat16 where `narrow`.
 */
import { touchAhead } from './touchAhead';
import { readValue } from './values';

const mostMapped: usize = 255;

export function dots(
  windowValues: usize, windowIndices: usize, kept: usize, rows: usize, narrow: bool,
  rowValues: usize, rowIndices: usize, tile: usize, map: usize, compact: usize, sums: usize,
): void {
  const isMapped = kept <= mostMapped;
  for (let i: usize = 0; i < kept; i++) {
    const at = <usize>load<u16>(rowIndices + (i << 1));
    const value = readValue(rowValues, i, narrow);
    if (isMapped) {
      store<u8>(map + at, <u8>(i + 1));
      store<f64>(compact + ((i + 1) << 3), <f64>value);
    } else {
      store<f32>(tile + (at << 2), value);
    }
  }
  let touched: u32 = 0;
  for (let r: usize = 0; r < rows; r++) {
    const values = windowValues + r * kept * <usize>(narrow ? 2 : 4);
    const indices = windowIndices + r * kept * 2;
    touched += touchAhead(values, indices);
    let dot: f64;
    if (isMapped) dot = narrow ? rowDot<u16, u8>(values, indices, kept, map, compact) : rowDot<f32, u8>(values, indices, kept, map, compact);
    else dot = narrow ? rowDot<u16, f32>(values, indices, kept, tile, 0) : rowDot<f32, f32>(values, indices, kept, tile, 0);
    store<f64>(sums + (r << 3), load<f64>(sums + (r << 3)) + dot);
  }
  store<u32>(compact + 8, touched); // and is written anew for the next panel
  for (let i: usize = 0; i < kept; i++) {
    const at = <usize>load<u16>(rowIndices + (i << 1));
    if (isMapped) store<u8>(map + at, 0);
    else store<f32>(tile + (at << 2), 0);
  }
}

/** Of values of type V; `found` holds bytes that point into `compact`, or the float32 entries themselves. */
function rowDot<V, F>(values: usize, indices: usize, kept: usize, found: usize, compact: usize): f64 {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  const whole = kept & ~3;
  let i: usize = 0;
  for (; i < whole; i += 4) {
    const index = indices + (i << 1);
    const four = fourValues<V>(values + i * sizeof<V>());
    even = f64x2.add(even, f64x2.mul(pairAt<F>(index, found, compact), f64x2.promote_low_f32x4(four)));
    odd = f64x2.add(odd, f64x2.mul(pairAt<F>(index + 4, found, compact), f64x2.promote_low_f32x4(v128.shuffle<i32>(four, four, 2, 3, 2, 3))));
  }
  const both = f64x2.add(even, odd);
  let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; i < kept; i++) sum += <f64>readValue(values, i, sizeof<V>() == 2) * oneAt<F>(indices + (i << 1), found, compact);
  return sum;
}

/** What two consecutive entries of the window find, as float64. */
// @ts-ignore: decorator
@inline
function pairAt<F>(index: usize, found: usize, compact: usize): v128 {
  if (sizeof<F>() == 1) return v128.load64_lane(placeIn(index + 2, found, compact), v128.load64_zero(placeIn(index, found, compact)), 1);
  return f64x2.promote_low_f32x4(v128.load32_lane(found + (<usize>load<u16>(index, 2) << 2), v128.load32_zero(found + (<usize>load<u16>(index) << 2)), 1));
}

// @ts-ignore: decorator
@inline
function oneAt<F>(index: usize, found: usize, compact: usize): f64 {
  return sizeof<F>() == 1 ? load<f64>(placeIn(index, found, compact)) : <f64>load<f32>(found + (<usize>load<u16>(index) << 2));
}

// @ts-ignore: decorator
@inline
function placeIn(index: usize, map: usize, compact: usize): usize {
  return compact + (<usize>load<u8>(map + <usize>load<u16>(index)) << 3);
}

// @ts-ignore: decorator
@inline
function fourValues<V>(at: usize): v128 {
  return sizeof<V>() == 2 ? i32x4.shl(v128.load16x4_u(at), 16) : v128.load(at);
}
