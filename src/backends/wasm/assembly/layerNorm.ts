/**
 * Layer normalisation row by row, and its gradient: `layerNormKernels.ts` has the formulas. gamma and beta are 0 where there are none.
 * SIMD goes over the features; a row is read again from the cache. Scratch: none.
 */
import { multiplyAdd } from './multiplyAdd';

export function layerNorm(x: usize, gamma: usize, beta: usize, out: usize, rows: usize, width: usize, epsilon: f32): void {
  const bytes = width << 2;
  for (let row: usize = 0; row < rows; row++, x += bytes, out += bytes) {
    const middle = meanOf(x, width);
    const inverse = inverseOf(x, width, middle, epsilon);
    for (let c: usize = 0; c < width; c += 4) {
      const left = width - c;
      const xhat = f32x4.mul(f32x4.sub(read(x + (c << 2), left), f32x4.splat(middle)), f32x4.splat(inverse));
      const scaled = gamma == 0 ? xhat : f32x4.mul(xhat, read(gamma + (c << 2), left));
      write(out + (c << 2), left, beta == 0 ? scaled : f32x4.add(scaled, read(beta + (c << 2), left)));
    }
  }
}

export function layerNormGradient(dy: usize, x: usize, gamma: usize, dx: usize, dGamma: usize, dBeta: usize, rows: usize, width: usize, epsilon: f32): void {
  const bytes = width << 2;
  memory.fill(dGamma, 0, bytes);
  memory.fill(dBeta, 0, bytes);
  for (let row: usize = 0; row < rows; row++, dy += bytes, x += bytes, dx += bytes) {
    const middle = meanOf(x, width);
    const inverse = inverseOf(x, width, middle, epsilon);
    let ofD = f32x4.splat(0), ofProduct = f32x4.splat(0);
    for (let c: usize = 0; c < width; c += 4) {
      const at = c << 2, left = width - c;
      const g = read(dy + at, left);
      const xhat = f32x4.mul(f32x4.sub(read(x + at, left), f32x4.splat(middle)), f32x4.splat(inverse));
      const d = gamma == 0 ? g : f32x4.mul(g, read(gamma + at, left));
      ofD = f32x4.add(ofD, d);
      ofProduct = multiplyAdd(ofProduct, d, xhat);
      write(dGamma + at, left, multiplyAdd(read(dGamma + at, left), g, xhat));
      write(dBeta + at, left, f32x4.add(read(dBeta + at, left), g));
    }
    const meanOfD = f32x4.splat(total(ofD) / <f32>width), meanOfProduct = f32x4.splat(total(ofProduct) / <f32>width);
    for (let c: usize = 0; c < width; c += 4) {
      const at = c << 2, left = width - c;
      const g = read(dy + at, left);
      const xhat = f32x4.mul(f32x4.sub(read(x + at, left), f32x4.splat(middle)), f32x4.splat(inverse));
      const d = gamma == 0 ? g : f32x4.mul(g, read(gamma + at, left));
      write(dx + at, left, f32x4.mul(f32x4.sub(f32x4.sub(d, meanOfD), f32x4.mul(xhat, meanOfProduct)), f32x4.splat(inverse)));
    }
  }
}

function meanOf(x: usize, width: usize): f32 {
  let sum = f32x4.splat(0);
  for (let c: usize = 0; c < width; c += 4) sum = f32x4.add(sum, read(x + (c << 2), width - c));
  return total(sum) / <f32>width;
}

function inverseOf(x: usize, width: usize, middle: f32, epsilon: f32): f32 {
  let sum = f32x4.splat(0);
  let c: usize = 0;
  for (; c + 4 <= width; c += 4) {
    const distance = f32x4.sub(v128.load(x + (c << 2)), f32x4.splat(middle));
    sum = multiplyAdd(sum, distance, distance);
  }
  let variance = total(sum);
  for (; c < width; c++) {
    const distance = load<f32>(x + (c << 2)) - middle;
    variance += distance * distance;
  }
  return 1 / Mathf.sqrt(variance / <f32>width + epsilon);
}

/** Four numbers, or what is left of a row, then zeros. */
// @ts-ignore: decorator
@inline
function read(from: usize, left: usize): v128 {
  return left >= 4 ? v128.load(from) : readFew(from, left);
}

function readFew(from: usize, left: usize): v128 {
  let few = v128.load32_zero(from);
  if (left > 1) few = v128.load32_lane(from + 4, few, 1);
  if (left > 2) few = v128.load32_lane(from + 8, few, 2);
  return few;
}

// @ts-ignore: decorator
@inline
function write(to: usize, left: usize, four: v128): void {
  if (left >= 4) v128.store(to, four);
  else writeFew(to, left, four);
}

function writeFew(to: usize, left: usize, four: v128): void {
  v128.store32_lane(to, four, 0);
  if (left > 1) v128.store32_lane(to + 4, four, 1);
  if (left > 2) v128.store32_lane(to + 8, four, 2);
}

// @ts-ignore: decorator
@inline
function total(x: v128): f32 {
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}
