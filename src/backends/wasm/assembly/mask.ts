/** What passes where a condition holds, element by element. */

/** out = dy where y > 0, else zero. */
export function reluGradient(dy: usize, y: usize, out: usize, size: usize): void {
  const zero = f32x4.splat(0);
  const end = out + (size << 2);
  for (const whole = out + ((size & ~3) << 2); out != whole; out += 16, dy += 16, y += 16) v128.store(out, v128.and(v128.load(dy), f32x4.gt(v128.load(y), zero)));
  for (; out != end; out += 4, dy += 4, y += 4) store<f32>(out, load<f32>(y) > 0 ? load<f32>(dy) : 0);
}

/** out = a where the condition is not zero, else b: elements of 32 bits, conditions of 8. */
export function select(condition: usize, a: usize, b: usize, out: usize, size: usize): void {
  const end = out + (size << 2);
  for (const whole = out + ((size & ~3) << 2); out != whole; out += 16, condition += 4, a += 16, b += 16) {
    const four = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(condition)));
    v128.store(out, v128.bitselect(v128.load(b), v128.load(a), i32x4.eq(four, i32x4.splat(0))));
  }
  for (; out != end; out += 4, condition++, a += 4, b += 4) store<u32>(out, load<u32>(load<u8>(condition) != 0 ? a : b));
}
