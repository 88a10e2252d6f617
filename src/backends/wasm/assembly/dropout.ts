/**
 * y = x / (1 - rate) where an entry stays and 0 where it is dropped. Whether entry i stays follows from seed and i alone: a number of 32
 * bits, made of both by two rounds of an integer hash (the finaliser of MurmurHash3), is compared with rate * 2^32.
 */

export function dropout(x: usize, out: usize, size: usize, rate: f64, seed: u32): void {
  const least = i32x4.splat(<u32>(rate * 4294967296.0));
  const scale = f32x4.splat(<f32>(1 / (1 - rate)));
  // Two numbers of the seed, so that no seed's sequence is another's moved on.
  const first = i32x4.splat(mixedOne(seed)), second = i32x4.splat(mixedOne(seed ^ 0x9e3779b9));
  let index = i32x4(0, 1, 2, 3);
  const end = out + (size << 2);
  for (const whole = out + ((size & ~3) << 2); out != whole; out += 16, x += 16) {
    v128.store(out, v128.and(f32x4.mul(v128.load(x), scale), stays(index, first, second, least)));
    index = i32x4.add(index, i32x4.splat(4));
  }
  for (; out != end; out += 4, x += 4) {
    store<f32>(out, f32x4.extract_lane(v128.and(f32x4.mul(v128.load32_splat(x), scale), stays(index, first, second, least)), 0));
    index = i32x4.add(index, i32x4.splat(1));
  }
}

// @ts-ignore: decorator
@inline
function stays(index: v128, first: v128, second: v128, least: v128): v128 {
  return i32x4.ge_u(mixed(v128.xor(mixed(i32x4.add(index, first)), second)), least);
}

// @ts-ignore: decorator
@inline
function mixed(x: v128): v128 {
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 16)), i32x4.splat(0x85ebca6b));
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 13)), i32x4.splat(0xc2b2ae35));
  return v128.xor(x, i32x4.shr_u(x, 16));
}

function mixedOne(x: u32): i32 {
  return i32x4.extract_lane(mixed(i32x4.splat(x)), 0);
}
