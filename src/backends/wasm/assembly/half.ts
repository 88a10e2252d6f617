/**
 * Float32 to two-byte formats and back, eight numbers a turn, to nearest, ties to even; NaN becomes the quiet NaN without a sign. The
 * bits are those of halfBits.ts: WebAssembly's arithmetic is IEEE's, subnormals included, so rounding can be left to an addition.
 */

/** out [size] of 16 bits; a last odd place is filled up with zero. */
export function packHalf(x: usize, out: usize, size: usize, isFloat16: bool): void {
  if (isFloat16) packAll(true, x, out, size);
  else packAll(false, x, out, size);
  if ((size & 1) == 1) store<u16>(out + (size << 1), 0);
}

export function unpackHalf(packed: usize, out: usize, size: usize, isFloat16: bool): void {
  if (isFloat16) unpackAll(true, packed, out, size);
  else unpackAll(false, packed, out, size);
}

// @ts-ignore: decorator
@inline
function packAll(isFloat16: bool, x: usize, out: usize, size: usize): void {
  const end = out + (size << 1);
  for (const whole = out + ((size & ~7) << 1); out != whole; out += 16, x += 32) {
    v128.store(out, i16x8.narrow_i32x4_u(rounded(isFloat16, v128.load(x)), rounded(isFloat16, v128.load(x, 16))));
  }
  for (; out != end; out += 2, x += 4) store<u16>(out, i32x4.extract_lane(rounded(isFloat16, v128.load32_splat(x)), 0));
}

// @ts-ignore: decorator
@inline
function unpackAll(isFloat16: bool, packed: usize, out: usize, size: usize): void {
  const end = out + (size << 2);
  for (const whole = out + ((size & ~7) << 2); out != whole; out += 32, packed += 16) {
    const halves = v128.load(packed);
    v128.store(out, widened(isFloat16, i32x4.extend_low_i16x8_u(halves)));
    v128.store(out, widened(isFloat16, i32x4.extend_high_i16x8_u(halves)), 16);
  }
  for (; out != end; out += 4, packed += 2) store<i32>(out, i32x4.extract_lane(widened(isFloat16, i32x4.splat(load<u16>(packed))), 0));
}

/** Four halves, each in the lower half of its lane. */
// @ts-ignore: decorator
@inline
function rounded(isFloat16: bool, x: v128): v128 {
  const size = v128.and(x, i32x4.splat(0x7fffffff));
  const isNone = i32x4.gt_s(size, i32x4.splat(0x7f800000));
  if (!isFloat16) {
    const tie = v128.and(i32x4.shr_u(x, 16), i32x4.splat(1));
    const half = i32x4.shr_u(i32x4.add(i32x4.add(x, i32x4.splat(0x7fff)), tie), 16);
    return v128.bitselect(i32x4.splat(0x7fc0), half, isNone);
  }
  // From 65,536 on all are infinite.
  const bounded = i32x4.min_s(size, i32x4.splat(0x47800000));
  const tie = v128.and(i32x4.shr_u(bounded, 13), i32x4.splat(1));
  const normal = i32x4.shr_u(i32x4.add(i32x4.add(bounded, i32x4.splat(0xfff - 0x38000000)), tie), 13);
  // A last place of 0.5 is 2^-24, the unit of subnormals: the sum is rounded to it.
  const subnormal = i32x4.sub(f32x4.add(size, f32x4.splat(0.5)), i32x4.splat(0x3f000000));
  const half = v128.bitselect(subnormal, normal, i32x4.lt_s(size, i32x4.splat(0x38800000)));
  const sign = v128.and(i32x4.shr_u(x, 16), i32x4.splat(0x8000));
  return v128.bitselect(i32x4.splat(0x7e00), v128.or(half, sign), isNone);
}

// @ts-ignore: decorator
@inline
function widened(isFloat16: bool, half: v128): v128 {
  if (!isFloat16) return i32x4.shl(half, 16);
  const size = v128.and(half, i32x4.splat(0x7fff));
  const bias = i32x4.splat(0x38000000);
  const normal = i32x4.add(i32x4.shl(size, 13), bias);
  // Infinity and what is no number have the largest exponent in either format.
  const bits = i32x4.add(normal, v128.and(bias, i32x4.ge_s(size, i32x4.splat(0x7c00))));
  const subnormal = f32x4.sub(v128.or(size, i32x4.splat(0x3f000000)), f32x4.splat(0.5));
  const value = v128.bitselect(subnormal, bits, i32x4.lt_s(size, i32x4.splat(0x400)));
  return v128.or(value, i32x4.shl(v128.and(half, i32x4.splat(0x8000)), 16));
}
