/** exp, and what is made of it, four at a time, to about one unit in the last place of float32. */

// @ts-ignore: decorator
@inline
function madd(x: v128, y: v128, z: v128): v128 {
  return f32x4.add(f32x4.mul(x, y), z);
}

/**
 * exp(x) = 2^n exp(r), n the integer nearest to x / ln 2, |r| <= ln 2 / 2: the series of exp(r) to its seventh power is exact to 5e-9.
 * ln 2 is split, so that n times its first part is exact. 2^n takes two factors, because n may lie beyond the exponents of float32.
 */
// @ts-ignore: decorator
@inline
export function exponential(x: v128): v128 {
  // A NaN stays one through both.
  const bounded = f32x4.min(f32x4.max(x, f32x4.splat(-104)), f32x4.splat(89));
  const n = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(1.4426950408889634)));
  const r = f32x4.sub(f32x4.sub(bounded, f32x4.mul(n, f32x4.splat(0.693359375))), f32x4.mul(n, f32x4.splat(-0.00021219444005469057)));
  let p = madd(r, f32x4.splat(1.0 / 5040), f32x4.splat(1.0 / 720));
  p = madd(p, r, f32x4.splat(1.0 / 120));
  p = madd(p, r, f32x4.splat(1.0 / 24));
  p = madd(p, r, f32x4.splat(1.0 / 6));
  p = madd(p, r, f32x4.splat(0.5));
  p = madd(f32x4.mul(p, r), r, r);
  p = f32x4.add(p, f32x4.splat(1));
  const whole = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(whole, 1);
  return f32x4.mul(f32x4.mul(p, powerOfTwo(half)), powerOfTwo(i32x4.sub(whole, half)));
}

// @ts-ignore: decorator
@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** Below 0.4 the series to its fifteenth power, beyond it 1 - 2 / (exp(2 |x|) + 1), which would lose the digits of a small x. */
// @ts-ignore: decorator
@inline
export function hyperbolicTangent(x: v128): v128 {
  const magnitude = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let p = madd(z, f32x4.splat(-929569.0 / 638512875), f32x4.splat(21844.0 / 6081075));
  p = madd(p, z, f32x4.splat(-1382.0 / 155925));
  p = madd(p, z, f32x4.splat(62.0 / 2835));
  p = madd(p, z, f32x4.splat(-17.0 / 315));
  p = madd(p, z, f32x4.splat(2.0 / 15));
  p = madd(p, z, f32x4.splat(-1.0 / 3));
  const near = madd(f32x4.mul(p, z), x, x);
  const one = f32x4.splat(1);
  const far = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(exponential(f32x4.add(magnitude, magnitude)), one)));
  const signed = v128.or(far, v128.and(x, i32x4.splat(i32.MIN_VALUE)));
  return v128.bitselect(near, signed, f32x4.lt(magnitude, f32x4.splat(0.4)));
}

/** Abramowitz and Stegun 7.1.26, as the cpu backend: 1.5e-7 at most from the truth. */
// @ts-ignore: decorator
@inline
export function errorFunction(x: v128): v128 {
  const one = f32x4.splat(1);
  const magnitude = f32x4.abs(x);
  const t = f32x4.div(one, madd(magnitude, f32x4.splat(0.3275911), one));
  let p = madd(t, f32x4.splat(1.061405429), f32x4.splat(-1.453152027));
  p = madd(p, t, f32x4.splat(1.421413741));
  p = madd(p, t, f32x4.splat(-0.284496736));
  p = madd(p, t, f32x4.splat(0.254829592));
  const tail = f32x4.mul(f32x4.mul(p, t), exponential(f32x4.neg(f32x4.mul(x, x))));
  return v128.or(v128.and(f32x4.abs(f32x4.sub(one, tail)), i32x4.splat(i32.MAX_VALUE)), v128.and(x, i32x4.splat(i32.MIN_VALUE)));
}
