/**
 * Sums of products of float32 numbers in 64-bit fixed point, in WGSL, which has neither float64 nor a guarantee that the
 * compiler keeps the order of float32 sums. A product of two 24-bit fractions fits 48 bits, is exact, and is shifted to the
 * unit of the sum, rounded to nearest; integer sums do not depend on their order. Numbers below 2^-126 count as zero.
 * A sum is a vec2<u32> (low, high), two's complement.
 */
export const fixedPoint = `
fn multiply(a : u32, b : u32) -> vec2<u32> {
  let aHigh = a >> 12u; let aLow = a & 0xfffu;
  let bHigh = b >> 12u; let bLow = b & 0xfffu;
  let cross = aHigh * bLow + aLow * bHigh;
  let high = aHigh * bHigh;
  let first = aLow * bLow + ((cross & 0xfffffu) << 12u);
  let low = first + (high << 24u);
  let carry = select(0u, 1u, first < aLow * bLow) + select(0u, 1u, low < first);
  return vec2<u32>(low, (high >> 8u) + (cross >> 20u) + carry);
}

fn plus(a : vec2<u32>, b : vec2<u32>) -> vec2<u32> {
  let low = a.x + b.x;
  return vec2<u32>(low, a.y + b.y + select(0u, 1u, low < a.x));
}

fn negate(a : vec2<u32>) -> vec2<u32> {
  return plus(vec2<u32>(~a.x, ~a.y), vec2<u32>(1u, 0u));
}

fn shiftRight(a : vec2<u32>, by : u32) -> vec2<u32> {
  if (by >= 32u) { return vec2<u32>(a.y >> (by - 32u), 0u); }
  return vec2<u32>((a.x >> by) | (a.y << (32u - by)), a.y >> by);
}

fn shiftLeft(a : vec2<u32>, by : u32) -> vec2<u32> {
  return vec2<u32>(a.x << by, (a.y << by) | (a.x >> (32u - by)));
}

// The bits of two numbers; the unit is such that biased exponents that add up to "base" need no shift, nor more than 31 to the left.
fn product(a : u32, b : u32, base : i32) -> vec2<u32> {
  let aExponent = i32((a >> 23u) & 0xffu);
  let bExponent = i32((b >> 23u) & 0xffu);
  let right = base - aExponent - bExponent;
  if (aExponent == 0 || bExponent == 0 || right > 49) { return vec2<u32>(0u, 0u); }
  var magnitude = multiply((a & 0x7fffffu) | 0x800000u, (b & 0x7fffffu) | 0x800000u);
  if (right > 0) { magnitude = shiftRight(plus(magnitude, shiftRight(vec2<u32>(0u, 0x80000000u), u32(64 - right))), u32(right)); }
  if (right < 0) { magnitude = shiftLeft(magnitude, u32(-right)); }
  if (((a ^ b) >> 31u) == 1u) { return negate(magnitude); }
  return magnitude;
}
`;
