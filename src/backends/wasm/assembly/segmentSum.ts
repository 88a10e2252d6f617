/**
 * UnsortedSegmentSum: out[ids[i, j], j, :] += x[i, j, :], for x [count, middle, inner] and out [segments, middle, inner]; ids outside
 * the segments are dropped. Float32 or int32; out holds zeros, or what is to be added to.
 */
export function segmentSum(x: usize, ids: usize, out: usize, count: usize, middle: usize, inner: usize, segments: usize, isInteger: bool): void {
  const rowBytes = inner << 2;
  for (let i: usize = 0; i < count; i++) {
    for (let j: usize = 0; j < middle; j++, ids += 4, x += rowBytes) {
      const id = <usize>load<u32>(ids); // a negative one is large
      if (id >= segments) continue;
      const row = out + (id * middle + j) * rowBytes;
      if (isInteger) addIntegers(x, row, inner);
      else addFloats(x, row, inner);
    }
  }
}

function addFloats(x: usize, out: usize, length: usize): void {
  const end = out + (length << 2);
  for (const whole = out + ((length & ~3) << 2); out != whole; out += 16, x += 16) v128.store(out, f32x4.add(v128.load(out), v128.load(x)));
  for (; out != end; out += 4, x += 4) store<f32>(out, load<f32>(out) + load<f32>(x));
}

function addIntegers(x: usize, out: usize, length: usize): void {
  for (const end = out + (length << 2); out != end; out += 4, x += 4) store<i32>(out, load<i32>(out) + load<i32>(x));
}
