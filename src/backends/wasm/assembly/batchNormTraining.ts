/**
 * Batch normalisation of x [positions, channels] over its positions, with the statistics of the batch; the formulas are those of
 * batchNormKernels.ts. Statistics take one pass over memory: of each block, which the first cache holds, first the mean and then the
 * squares about it, put together by the formula of Chan, Golub and LeVeque (1979): no difference of large sums anywhere.
 */

// @ts-ignore: decorator
@inline
const blockFloats: usize = 4096;

/** At most 256 terms are added in a row. */
// @ts-ignore: decorator
@inline
export function rowsInBlock(channels: usize): usize {
  return max<usize>(4, min<usize>(256, blockFloats / channels));
}

/** mean and variance [channels]; `block` [2 channels] is workspace. */
export function batchStatistics(x: usize, mean: usize, variance: usize, positions: usize, channels: usize, block: usize): void {
  const bytes = channels << 2;
  const squares = block + bytes;
  memory.fill(mean, 0, bytes);
  memory.fill(variance, 0, bytes);
  const most = rowsInBlock(channels);
  for (let from: usize = 0; from < positions; from += most, x += most * bytes) {
    const rows = min(most, positions - from);
    sumBlock(x, block, rows, bytes, 1 / <f32>rows);
    squareBlock(x, block, squares, rows, bytes);
    const share = <f32>rows / <f32>(from + rows);
    const weight = <f32>from * share;
    for (let c: usize = 0; c < bytes; c += 4) {
      const before = load<f32>(mean + c);
      const difference = load<f32>(block + c) - before;
      store<f32>(mean + c, before + difference * share);
      store<f32>(variance + c, load<f32>(variance + c) + load<f32>(squares + c) + difference * difference * weight);
    }
  }
  for (let c: usize = 0; c < bytes; c += 4) store<f32>(variance + c, load<f32>(variance + c) / <f32>positions);
}

/** y = (x - mean) scale / sqrt(variance + epsilon) + offset, not below `least`. Absent scale and offset are 0; `factors` [2 channels] is workspace. */
export function normalise(x: usize, mean: usize, variance: usize, scale: usize, offset: usize, epsilon: f32, y: usize, positions: usize, channels: usize, least: f32, factors: usize): void {
  const bytes = channels << 2;
  const offsets = factors + bytes;
  for (let c: usize = 0; c < bytes; c += 4) {
    store<f32>(factors + c, (scale == 0 ? <f32>1 : load<f32>(scale + c)) / Mathf.sqrt(load<f32>(variance + c) + epsilon));
    store<f32>(offsets + c, offset == 0 ? <f32>0 : load<f32>(offset + c));
  }
  const low = f32x4.splat(least);
  const whole = bytes & ~15;
  for (let p: usize = 0; p < positions; p++, x += bytes, y += bytes) {
    let c: usize = 0;
    for (; c < whole; c += 16) {
      const centred = f32x4.mul(f32x4.sub(v128.load(x + c), v128.load(mean + c)), v128.load(factors + c));
      v128.store(y + c, f32x4.max(f32x4.add(centred, v128.load(offsets + c)), low));
    }
    for (; c < bytes; c += 4) store<f32>(y + c, max((load<f32>(x + c) - load<f32>(mean + c)) * load<f32>(factors + c) + load<f32>(offsets + c), least));
  }
}

/** out = the sum of each column of the block, times `factor`. */
function sumBlock(x: usize, out: usize, rows: usize, bytes: usize, factor: f32): void {
  const factors = f32x4.splat(factor);
  let c: usize = 0;
  for (; c + 64 <= bytes; c += 64) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    const end = x + c + rows * bytes;
    for (let at = x + c; at != end; at += bytes) {
      s0 = f32x4.add(s0, v128.load(at));
      s1 = f32x4.add(s1, v128.load(at, 16));
      s2 = f32x4.add(s2, v128.load(at, 32));
      s3 = f32x4.add(s3, v128.load(at, 48));
    }
    v128.store(out + c, f32x4.mul(s0, factors));
    v128.store(out + c, f32x4.mul(s1, factors), 16);
    v128.store(out + c, f32x4.mul(s2, factors), 32);
    v128.store(out + c, f32x4.mul(s3, factors), 48);
  }
  for (; c + 16 <= bytes; c += 16) {
    let sum = f32x4.splat(0);
    const end = x + c + rows * bytes;
    for (let at = x + c; at != end; at += bytes) sum = f32x4.add(sum, v128.load(at));
    v128.store(out + c, f32x4.mul(sum, factors));
  }
  for (; c < bytes; c += 4) {
    let sum: f32 = 0;
    for (let r: usize = 0; r < rows; r++) sum += load<f32>(x + c + r * bytes);
    store<f32>(out + c, sum * factor);
  }
}

/** out = the sum of (x - mean)^2 of each column of the block. */
function squareBlock(x: usize, mean: usize, out: usize, rows: usize, bytes: usize): void {
  let c: usize = 0;
  for (; c + 32 <= bytes; c += 32) {
    const m0 = v128.load(mean + c), m1 = v128.load(mean + c, 16);
    let s0 = f32x4.splat(0), s1 = s0;
    const end = x + c + rows * bytes;
    for (let at = x + c; at != end; at += bytes) {
      const d0 = f32x4.sub(v128.load(at), m0);
      const d1 = f32x4.sub(v128.load(at, 16), m1);
      s0 = f32x4.add(s0, f32x4.mul(d0, d0));
      s1 = f32x4.add(s1, f32x4.mul(d1, d1));
    }
    v128.store(out + c, s0);
    v128.store(out + c, s1, 16);
  }
  for (; c + 16 <= bytes; c += 16) {
    const m = v128.load(mean + c);
    let sum = f32x4.splat(0);
    const end = x + c + rows * bytes;
    for (let at = x + c; at != end; at += bytes) {
      const d = f32x4.sub(v128.load(at), m);
      sum = f32x4.add(sum, f32x4.mul(d, d));
    }
    v128.store(out + c, sum);
  }
  for (; c < bytes; c += 4) {
    let sum: f32 = 0;
    for (let r: usize = 0; r < rows; r++) {
      const d = load<f32>(x + c + r * bytes) - load<f32>(mean + c);
      sum += d * d;
    }
    store<f32>(out + c, sum);
  }
}
