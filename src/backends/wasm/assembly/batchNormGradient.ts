/**
 * The gradient of batch normalisation, with the ReLU behind it where y is given: the sums over all positions, block by block, and then dx
 * in one pass. The formulas are those of batchNormKernels.ts.
 */
import { rowsInBlock } from './batchNormTraining';

/** dOffset = sum d and dScale = sum d xhat, both [channels]; y is 0 where no ReLU follows. `block` [2 channels] is workspace. */
export function gradientSums(dy: usize, x: usize, y: usize, mean: usize, variance: usize, epsilon: f32, dScale: usize, dOffset: usize, positions: usize, channels: usize, block: usize): void {
  const bytes = channels << 2;
  const products = block + bytes;
  memory.fill(dOffset, 0, bytes);
  memory.fill(dScale, 0, bytes);
  const most = rowsInBlock(channels);
  for (let from: usize = 0; from < positions; from += most) {
    const at = from * bytes;
    const rows = min(most, positions - from);
    if (y == 0) sumGradients(false, dy + at, x + at, 0, mean, block, products, rows, bytes);
    else sumGradients(true, dy + at, x + at, y + at, mean, block, products, rows, bytes);
    for (let c: usize = 0; c < bytes; c += 4) {
      store<f32>(dOffset + c, load<f32>(dOffset + c) + load<f32>(block + c));
      store<f32>(dScale + c, load<f32>(dScale + c) + load<f32>(products + c));
    }
  }
  for (let c: usize = 0; c < bytes; c += 4) store<f32>(dScale + c, load<f32>(dScale + c) / Mathf.sqrt(load<f32>(variance + c) + epsilon));
}

/** dx, given the sums; `factors` [3 channels] is workspace. */
export function inputGradient(
  dy: usize, x: usize, y: usize, mean: usize, variance: usize, scale: usize, epsilon: f32, dScale: usize, dOffset: usize, dx: usize, positions: usize, channels: usize, factors: usize,
): void {
  const bytes = channels << 2;
  const count = <f32>positions;
  for (let c: usize = 0; c < bytes; c += 4) {
    const inverse = <f32>1 / Mathf.sqrt(load<f32>(variance + c) + epsilon);
    store<f32>(factors + c, scale == 0 ? inverse : inverse * load<f32>(scale + c));
    store<f32>(factors + bytes + c, load<f32>(dOffset + c) / count);
    store<f32>(factors + 2 * bytes + c, inverse * load<f32>(dScale + c) / count);
  }
  if (y == 0) combine(false, dy, x, 0, mean, factors, dx, positions, bytes);
  else combine(true, dy, x, y, mean, factors, dx, positions, bytes);
}

// @ts-ignore: decorator
@inline
function passed(hasRelu: bool, dy: usize, y: usize): v128 {
  return hasRelu ? v128.and(v128.load(dy), f32x4.gt(v128.load(y), f32x4.splat(0))) : v128.load(dy);
}

// @ts-ignore: decorator
@inline
function passedOne(hasRelu: bool, dy: usize, y: usize): f32 {
  return !hasRelu || load<f32>(y) > 0 ? load<f32>(dy) : 0;
}

/** Of each column of the block the sum of d, and of d (x - mean). */
// @ts-ignore: decorator
@inline
function sumGradients(hasRelu: bool, dy: usize, x: usize, y: usize, mean: usize, sums: usize, products: usize, rows: usize, bytes: usize): void {
  let c: usize = 0;
  for (; c + 32 <= bytes; c += 32) {
    const m0 = v128.load(mean + c), m1 = v128.load(mean + c, 16);
    let s0 = f32x4.splat(0), s1 = s0, p0 = s0, p1 = s0;
    const end = c + rows * bytes;
    for (let at = c; at != end; at += bytes) {
      const d0 = passed(hasRelu, dy + at, y + at);
      const d1 = passed(hasRelu, dy + at + 16, y + at + 16);
      s0 = f32x4.add(s0, d0);
      s1 = f32x4.add(s1, d1);
      p0 = f32x4.add(p0, f32x4.mul(d0, f32x4.sub(v128.load(x + at), m0)));
      p1 = f32x4.add(p1, f32x4.mul(d1, f32x4.sub(v128.load(x + at, 16), m1)));
    }
    v128.store(sums + c, s0);
    v128.store(sums + c, s1, 16);
    v128.store(products + c, p0);
    v128.store(products + c, p1, 16);
  }
  for (; c + 16 <= bytes; c += 16) {
    const m = v128.load(mean + c);
    let s = f32x4.splat(0), p = s;
    const end = c + rows * bytes;
    for (let at = c; at != end; at += bytes) {
      const d = passed(hasRelu, dy + at, y + at);
      s = f32x4.add(s, d);
      p = f32x4.add(p, f32x4.mul(d, f32x4.sub(v128.load(x + at), m)));
    }
    v128.store(sums + c, s);
    v128.store(products + c, p);
  }
  for (; c < bytes; c += 4) {
    let s: f32 = 0, p: f32 = 0;
    for (let at = c; at < rows * bytes; at += bytes) {
      const d = passedOne(hasRelu, dy + at, y + at);
      s += d;
      p += d * (load<f32>(x + at) - load<f32>(mean + c));
    }
    store<f32>(sums + c, s);
    store<f32>(products + c, p);
  }
}

/** dx = (d - second - (x - mean) third) first, of the three rows of `factors`. */
// @ts-ignore: decorator
@inline
function combine(hasRelu: bool, dy: usize, x: usize, y: usize, mean: usize, factors: usize, dx: usize, positions: usize, bytes: usize): void {
  const second = factors + bytes;
  const third = second + bytes;
  const whole = bytes & ~15;
  for (let r: usize = 0; r < positions; r++, dy += bytes, x += bytes, y += bytes, dx += bytes) {
    let c: usize = 0;
    for (; c < whole; c += 16) {
      const centred = f32x4.mul(f32x4.sub(v128.load(x + c), v128.load(mean + c)), v128.load(third + c));
      const d = f32x4.sub(f32x4.sub(passed(hasRelu, dy + c, y + c), v128.load(second + c)), centred);
      v128.store(dx + c, f32x4.mul(d, v128.load(factors + c)));
    }
    for (; c < bytes; c += 4) {
      const centred = (load<f32>(x + c) - load<f32>(mean + c)) * load<f32>(third + c);
      store<f32>(dx + c, (passedOne(hasRelu, dy + c, y + c) - load<f32>(second + c) - centred) * load<f32>(factors + c));
    }
  }
}
