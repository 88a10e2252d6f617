/**
 * out [outer, inner] = sum over the middle of x [outer, count, inner], divided by `divisor`. Nothing is transposed: whole rows are
 * added, a strip of columns at a time in registers. At most 256 terms are added in a row before the sum joins the others.
 */
const mostTerms: usize = 256;

export function sum(x: usize, out: usize, outer: usize, count: usize, inner: usize, divisor: f32): void {
  for (let o: usize = 0; o < outer; o++, x += count * inner << 2, out += inner << 2) {
    if (inner == 1) store<f32>(out, sumRow(x, count) / divisor);
    else sumColumns(x, out, count, inner, divisor);
  }
}

function sumRow(x: usize, count: usize): f32 {
  let total = f32x4.splat(0);
  const whole = count & ~15;
  for (let from: usize = 0; from < whole; from += mostTerms << 4) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    const end = x + (min(whole, from + (mostTerms << 4)) << 2);
    for (let at = x + (from << 2); at != end; at += 64) {
      s0 = f32x4.add(s0, v128.load(at));
      s1 = f32x4.add(s1, v128.load(at, 16));
      s2 = f32x4.add(s2, v128.load(at, 32));
      s3 = f32x4.add(s3, v128.load(at, 48));
    }
    total = f32x4.add(total, f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
  }
  let i = whole;
  for (; i + 4 <= count; i += 4) total = f32x4.add(total, v128.load(x + (i << 2)));
  let rest: f32 = 0;
  for (; i < count; i++) rest += load<f32>(x + (i << 2));
  return (f32x4.extract_lane(total, 0) + f32x4.extract_lane(total, 1)) + (f32x4.extract_lane(total, 2) + f32x4.extract_lane(total, 3)) + rest;
}

function sumColumns(x: usize, out: usize, count: usize, inner: usize, divisor: f32): void {
  memory.fill(out, 0, inner << 2);
  const rowBytes = inner << 2;
  for (let from: usize = 0; from < count; from += mostTerms) {
    const rows = min(mostTerms, count - from);
    const block = x + from * rowBytes;
    let i: usize = 0;
    for (; i + 16 <= inner; i += 16) addStrip(block + (i << 2), out + (i << 2), rows, rowBytes);
    for (; i + 4 <= inner; i += 4) addQuad(block + (i << 2), out + (i << 2), rows, rowBytes);
    for (; i < inner; i++) {
      let total: f32 = 0;
      for (let r: usize = 0; r < rows; r++) total += load<f32>(block + r * rowBytes + (i << 2));
      store<f32>(out + (i << 2), load<f32>(out + (i << 2)) + total);
    }
  }
  if (divisor == 1) return;
  for (let i: usize = 0; i < inner; i++) store<f32>(out + (i << 2), load<f32>(out + (i << 2)) / divisor);
}

function addStrip(x: usize, out: usize, rows: usize, rowBytes: usize): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (const end = x + rows * rowBytes; x != end; x += rowBytes) {
    s0 = f32x4.add(s0, v128.load(x));
    s1 = f32x4.add(s1, v128.load(x, 16));
    s2 = f32x4.add(s2, v128.load(x, 32));
    s3 = f32x4.add(s3, v128.load(x, 48));
  }
  v128.store(out, f32x4.add(s0, v128.load(out)));
  v128.store(out, f32x4.add(s1, v128.load(out, 16)), 16);
  v128.store(out, f32x4.add(s2, v128.load(out, 32)), 32);
  v128.store(out, f32x4.add(s3, v128.load(out, 48)), 48);
}

function addQuad(x: usize, out: usize, rows: usize, rowBytes: usize): void {
  let total = f32x4.splat(0);
  for (const end = x + rows * rowBytes; x != end; x += rowBytes) total = f32x4.add(total, v128.load(x));
  v128.store(out, f32x4.add(total, v128.load(out)));
}
