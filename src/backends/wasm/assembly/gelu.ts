/** y = x Phi(x) and dx = dy (Phi(x) + x phi(x)), element by element, Phi the normal distribution and phi its density. */
import { errorFunction, exponential } from './exponential';

export function gelu(x: usize, out: usize, size: usize): void {
  const end = out + (size << 2);
  for (const whole = out + ((size & ~3) << 2); out != whole; out += 16, x += 16) v128.store(out, four(v128.load(x)));
  for (; out != end; out += 4, x += 4) store<f32>(out, f32x4.extract_lane(four(v128.load32_splat(x)), 0));
}

export function geluGradient(dy: usize, x: usize, out: usize, size: usize): void {
  const end = out + (size << 2);
  for (const whole = out + ((size & ~3) << 2); out != whole; out += 16, x += 16, dy += 16) v128.store(out, f32x4.mul(v128.load(dy), slope(v128.load(x))));
  for (; out != end; out += 4, x += 4, dy += 4) store<f32>(out, load<f32>(dy) * f32x4.extract_lane(slope(v128.load32_splat(x)), 0));
}

// @ts-ignore: decorator
@inline
function distribution(x: v128): v128 {
  const z = f32x4.mul(x, f32x4.splat(0.7071067811865476));
  return f32x4.mul(f32x4.splat(0.5), f32x4.add(f32x4.splat(1), errorFunction(z)));
}

// @ts-ignore: decorator
@inline
function four(x: v128): v128 {
  return f32x4.mul(x, distribution(x));
}

// @ts-ignore: decorator
@inline
function slope(x: v128): v128 {
  const density = f32x4.mul(exponential(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5))), f32x4.splat(0.3989422804014327));
  return f32x4.add(distribution(x), f32x4.mul(x, density));
}
