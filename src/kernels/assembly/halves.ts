/**
 * float16 and bfloat16 to float32 and back, four numbers at a time: the same bits as ../halves.ts, where it is explained.
 * `length` is a multiple of four; what lies behind the last number is read and written too, up to there.
 */

export function unpackFloat16(halves: usize, length: usize, values: usize): void {
  const rebias = i32x4.splat(0x38000000);
  for (let i: usize = 0; i < length; i += 4) {
    const half = v128.load16x4_u(halves + (i << 1));
    const magnitude = v128.and(half, i32x4.splat(0x7fff));
    const sign = i32x4.shl(v128.andnot(half, i32x4.splat(0x7fff)), 16);
    const shifted = i32x4.shl(magnitude, 13);
    let bits = i32x4.add(shifted, rebias);
    bits = v128.bitselect(v128.or(shifted, i32x4.splat(0x7f800000)), bits, i32x4.ge_s(magnitude, i32x4.splat(0x7c00)));
    bits = v128.bitselect(f32x4.mul(f32x4.convert_i32x4_s(magnitude), f32x4.splat(<f32>5.9604644775390625e-8)), bits, i32x4.lt_s(magnitude, i32x4.splat(0x400)));
    v128.store(values + (i << 2), v128.or(bits, sign));
  }
}

export function unpackBfloat16(halves: usize, length: usize, values: usize): void {
  for (let i: usize = 0; i < length; i += 4) v128.store(values + (i << 2), i32x4.shl(v128.load16x4_u(halves + (i << 1)), 16));
}

/** `largest`: magnitudes beyond it become it; infinity bounds nothing. */
export function packFloat16(values: usize, length: usize, halves: usize, largest: f32): void {
  for (let i: usize = 0; i < length; i += 4) {
    const value = bounded(v128.load(values + (i << 2)), largest);
    const magnitude = v128.and(value, i32x4.splat(0x7fffffff));
    const even = v128.and(i32x4.shr_u(magnitude, 13), i32x4.splat(1));
    let half = i32x4.shr_u(i32x4.add(i32x4.add(magnitude, even), i32x4.splat(0xfff - 0x38000000)), 13);
    const subnormal = i32x4.sub(f32x4.add(magnitude, f32x4.splat(0.5)), i32x4.splat(0x3f000000));
    half = v128.bitselect(subnormal, half, i32x4.lt_s(magnitude, i32x4.splat(0x38800000)));
    half = v128.bitselect(i32x4.splat(0x7c00), half, i32x4.ge_s(magnitude, i32x4.splat(0x477ff000)));
    half = v128.bitselect(i32x4.splat(0x7e00), half, i32x4.gt_s(magnitude, i32x4.splat(0x7f800000)));
    storeHalves(halves + (i << 1), half, value);
  }
}

export function packBfloat16Exactly(values: usize, length: usize, halves: usize, largest: f32): void {
  for (let i: usize = 0; i < length; i += 4) {
    const value = bounded(v128.load(values + (i << 2)), largest);
    const magnitude = v128.and(value, i32x4.splat(0x7fffffff));
    const even = v128.and(i32x4.shr_u(magnitude, 16), i32x4.splat(1));
    let half = i32x4.shr_u(i32x4.add(i32x4.add(magnitude, even), i32x4.splat(0x7fff)), 16);
    half = v128.bitselect(i32x4.splat(0x7fc0), half, i32x4.gt_s(magnitude, i32x4.splat(0x7f800000)));
    storeHalves(halves + (i << 1), half, value);
  }
}

/** A NaN stays one. */
// @ts-ignore: decorator
@inline
function bounded(value: v128, largest: f32): v128 {
  return f32x4.pmin(f32x4.pmax(value, f32x4.splat(-largest)), f32x4.splat(largest));
}

/** `half` without its sign, which is that of `value`. */
// @ts-ignore: decorator
@inline
function storeHalves(at: usize, half: v128, value: v128): void {
  const signed = v128.or(half, v128.and(i32x4.shr_u(value, 16), i32x4.splat(0x8000)));
  v128.store64_lane(at, i16x8.narrow_i32x4_u(signed, signed), 0);
}
