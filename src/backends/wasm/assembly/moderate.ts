/** Whether all values are finite, and so far from the largest number that sums of a few of them are. */
export function isModerate(values: usize, count: usize): bool {
  const bound = i32x4.splat(0x71800000); // 2^100
  let isLarge = i32x4.splat(0);
  const end = values + (count << 2);
  for (const whole = values + ((count & ~3) << 2); values != whole; values += 16) isLarge = v128.or(isLarge, i32x4.gt_s(v128.and(v128.load(values), i32x4.splat(0x7fffffff)), bound));
  for (; values != end; values += 4) isLarge = v128.or(isLarge, i32x4.gt_s(i32x4.splat(load<i32>(values) & 0x7fffffff), bound));
  return !v128.any_true(isLarge);
}
