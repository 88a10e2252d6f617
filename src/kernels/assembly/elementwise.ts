/** Loops over a stretch of a vector; `length` is a multiple of four. */

/** Whether all entries are finite: a NaN or an infinity times zero is NaN. */
export function isFiniteIn(vector: usize, length: usize): bool {
  const zero = f32x4.splat(0);
  let sum = zero;
  for (let i: usize = 0; i < length; i += 4) sum = f32x4.add(sum, f32x4.mul(v128.load(vector + (i << 2)), zero));
  return f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3) == 0;
}

/** theta = theta - rate * (u + decay * theta), in float64: `values` holds theta, `vector` u, which becomes what was added. Both stay finite. */
export function descend(vector: usize, values: usize, length: usize, rate: f64, decay: f64): void {
  const minusRate = f64x2.splat(-rate);
  const shrink = f64x2.splat(decay);
  const largest = f32x4.splat(f32.MAX_VALUE);
  const smallest = f32x4.splat(-f32.MAX_VALUE);
  for (let i: usize = 0; i < length; i += 4) {
    const u = v128.load(vector + (i << 2));
    const theta = v128.load(values + (i << 2));
    const low = update(f64x2.promote_low_f32x4(u), f64x2.promote_low_f32x4(theta), minusRate, shrink);
    const high = update(f64x2.promote_low_f32x4(v128.shuffle<i32>(u, u, 2, 3, 2, 3)), f64x2.promote_low_f32x4(v128.shuffle<i32>(theta, theta, 2, 3, 2, 3)), minusRate, shrink);
    const added = v128.shuffle<i32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
    v128.store(vector + (i << 2), added);
    v128.store(values + (i << 2), f32x4.pmin(f32x4.pmax(f32x4.add(theta, added), smallest), largest));
  }
}

// @ts-ignore: decorator
@inline
function update(u: v128, theta: v128, minusRate: v128, shrink: v128): v128 {
  const step = f64x2.mul(minusRate, f64x2.add(u, f64x2.mul(shrink, theta)));
  return f64x2.pmin(f64x2.pmax(step, f64x2.splat(-f32.MAX_VALUE)), f64x2.splat(f32.MAX_VALUE));
}
