/** out = f(x), element by element. */
import { errorFunction, exponential, hyperbolicTangent } from './exponential';

const exp: u32 = 0, tanh: u32 = 1, erf: u32 = 2, squareRoot: u32 = 3, inverseRoot: u32 = 4;

export function unary(operation: u32, x: usize, out: usize, size: usize): void {
  switch (operation) {
    case exp: return each(exp, x, out, size);
    case tanh: return each(tanh, x, out, size);
    case erf: return each(erf, x, out, size);
    case squareRoot: return each(squareRoot, x, out, size);
    default: return each(inverseRoot, x, out, size);
  }
}

// @ts-ignore: decorator
@inline
function each(operation: u32, x: usize, out: usize, size: usize): void {
  const end = out + (size << 2);
  for (const whole = out + ((size & ~3) << 2); out != whole; out += 16, x += 16) v128.store(out, four(operation, v128.load(x)));
  for (; out != end; out += 4, x += 4) store<f32>(out, f32x4.extract_lane(four(operation, v128.load32_splat(x)), 0));
}

// @ts-ignore: decorator
@inline
function four(operation: u32, x: v128): v128 {
  if (operation == exp) return exponential(x);
  if (operation == tanh) return hyperbolicTangent(x);
  if (operation == erf) return errorFunction(x);
  if (operation == squareRoot) return f32x4.sqrt(x);
  return f32x4.div(f32x4.splat(1), f32x4.sqrt(x));
}

/** A NaN stays one. */
export function clip(x: usize, out: usize, size: usize, least: f32, most: f32): void {
  const end = out + (size << 2);
  const low = f32x4.splat(least);
  const high = f32x4.splat(most);
  for (const whole = out + ((size & ~3) << 2); out != whole; out += 16, x += 16) v128.store(out, f32x4.min(f32x4.max(v128.load(x), low), high));
  for (; out != end; out += 4, x += 4) store<f32>(out, min(max(load<f32>(x), least), most));
}
