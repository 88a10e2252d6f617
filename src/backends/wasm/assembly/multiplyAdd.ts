/**
 * sum + x y. Compiled twice: with relaxed SIMD it is one instruction, rounded once, where the processor has it; Node 20 has no relaxed
 * SIMD, and there it is two.
 */
// @ts-ignore: decorator
@inline
export function multiplyAdd(sum: v128, x: v128, y: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(x, y, sum) : f32x4.add(sum, f32x4.mul(x, y));
}
