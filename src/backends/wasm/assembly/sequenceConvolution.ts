/**
 * Convolution over time with a kernel for each position and head: y[t] = sum over k of p[t, k] x[t + k - left]; its gradients,
 * dx[s] = sum over k of p[s - k + left, k] dy[s - k + left] and dp[t, k] = dy[t] . x[t + k - left], beyond the sequence 0.
 * x, y, dx, dy [batch, length, heads, width], p [batch, length, heads, taps]. SIMD goes over the width. Scratch: none.
 */
import { multiplyAdd } from './multiplyAdd';

export function sequenceConvolution(x: usize, kernels: usize, out: usize, batch: i32, length: i32, heads: i32, width: i32, taps: i32, left: i32, isGradient: bool): void {
  const channels = heads * width;
  for (let row = 0; row < batch * length; row++) {
    const t = row % length;
    // In the order of k, positions go forward for y and backward for dx.
    const from = isGradient ? max(0, t + left - length + 1) : max(0, left - t);
    const to = isGradient ? min(taps, t + left + 1) : min(taps, length + left - t);
    const first = isGradient ? row + left - from : row - left + from;
    const xStep = (isGradient ? -channels : channels) << 2;
    const pRow = isGradient ? first : row;
    const pStep = (isGradient ? 1 - heads * taps : 1) << 2;
    for (let head = 0; head < heads; head++) {
      combine(x + (first * channels + head * width << 2), xStep, kernels + ((pRow * heads + head) * taps + from << 2), pStep, max(0, to - from), out + (row * channels + head * width << 2), width);
    }
  }
}

/** out [width] = sum over `count` of p x, both of them a step further each time. */
function combine(x: usize, xStep: usize, p: usize, pStep: usize, count: usize, out: usize, width: usize): void {
  let c: usize = 0;
  for (; c + 16 <= width; c += 16, x += 64, out += 64) {
    let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0;
    for (let k: usize = 0, from = x, tap = p; k < count; k++, from += xStep, tap += pStep) {
      const factor = v128.load32_splat(tap);
      a0 = multiplyAdd(a0, factor, v128.load(from));
      a1 = multiplyAdd(a1, factor, v128.load(from, 16));
      a2 = multiplyAdd(a2, factor, v128.load(from, 32));
      a3 = multiplyAdd(a3, factor, v128.load(from, 48));
    }
    v128.store(out, a0);
    v128.store(out, a1, 16);
    v128.store(out, a2, 32);
    v128.store(out, a3, 48);
  }
  for (; c + 4 <= width; c += 4, x += 16, out += 16) {
    let total = f32x4.splat(0);
    for (let k: usize = 0, from = x, tap = p; k < count; k++, from += xStep, tap += pStep) total = multiplyAdd(total, v128.load32_splat(tap), v128.load(from));
    v128.store(out, total);
  }
  for (; c < width; c++, x += 4, out += 4) {
    let total: f32 = 0;
    for (let k: usize = 0, from = x, tap = p; k < count; k++, from += xStep, tap += pStep) total += load<f32>(tap) * load<f32>(from);
    store<f32>(out, total);
  }
}

export function sequenceKernelGradient(dy: usize, x: usize, out: usize, batch: i32, length: i32, heads: i32, width: i32, taps: i32, left: i32): void {
  const channels = heads * width;
  memory.fill(out, 0, <usize>(batch * length * heads * taps) << 2);
  for (let row = 0; row < batch * length; row++) {
    const t = row % length;
    const from = max(0, left - t);
    const to = min(taps, length + left - t);
    for (let head = 0; head < heads; head++) {
      const g = dy + (row * channels + head * width << 2);
      let each = x + ((row - left + from) * channels + head * width << 2);
      let dp = out + ((row * heads + head) * taps + from << 2);
      let k = from;
      for (; k + 4 <= to; k += 4, each += channels << 4, dp += 16) v128.store(dp, fourDots(g, each, channels << 2, width));
      for (; k < to; k++, each += channels << 2, dp += 4) store<f32>(dp, dot(g, each, width));
    }
  }
}

/** g . x for four x, each a step after the one before. */
function fourDots(g: usize, x: usize, step: usize, width: usize): v128 {
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0;
  let c: usize = 0;
  for (; c + 4 <= width; c += 4, g += 16, x += 16) {
    const each = v128.load(g);
    a0 = multiplyAdd(a0, each, v128.load(x));
    a1 = multiplyAdd(a1, each, v128.load(x + step));
    a2 = multiplyAdd(a2, each, v128.load(x + 2 * step));
    a3 = multiplyAdd(a3, each, v128.load(x + 3 * step));
  }
  let sums = together(sumOf(a0), sumOf(a1), sumOf(a2), sumOf(a3));
  for (; c < width; c++, g += 4, x += 4) {
    sums = f32x4.add(sums, f32x4.mul(v128.load32_splat(g), together(load<f32>(x), load<f32>(x + step), load<f32>(x + 2 * step), load<f32>(x + 3 * step))));
  }
  return sums;
}

function dot(g: usize, x: usize, width: usize): f32 {
  let four = f32x4.splat(0);
  let c: usize = 0;
  for (; c + 4 <= width; c += 4, g += 16, x += 16) four = multiplyAdd(four, v128.load(g), v128.load(x));
  let total = sumOf(four);
  for (; c < width; c++, g += 4, x += 4) total += load<f32>(g) * load<f32>(x);
  return total;
}

// @ts-ignore: decorator
@inline
function sumOf(x: v128): f32 {
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

// @ts-ignore: decorator
@inline
function together(a: f32, b: f32, c: f32, d: f32): v128 {
  return f32x4.replace_lane(f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(a), 1, b), 2, c), 3, d);
}
