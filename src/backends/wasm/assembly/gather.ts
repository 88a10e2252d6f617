/**
 * out[b, o, i, :] = x[b, o, ids[b, i], :], for x [batch, outer, size, slice] of elements of 32 bits. Returns the place of the first id
 * that is not one of `size`, or -1.
 */
export function gather(x: usize, ids: usize, out: usize, batch: usize, outer: usize, size: usize, count: usize, slice: usize): i32 {
  const sliceBytes = slice << 2;
  for (let i: usize = 0; i < batch * count; i++) {
    if (<usize>load<u32>(ids + (i << 2)) >= size) return <i32>i;
  }
  for (let b: usize = 0; b < batch; b++, ids += count << 2) {
    for (let o: usize = 0; o < outer; o++, x += size * sliceBytes) {
      for (let i: usize = 0; i < count; i++) {
        let from = x + <usize>load<u32>(ids + (i << 2)) * sliceBytes;
        const end = out + sliceBytes;
        for (const whole = out + ((slice & ~3) << 2); out != whole; out += 16, from += 16) v128.store(out, v128.load(from));
        for (; out != end; out += 4, from += 4) store<u32>(out, load<u32>(from));
      }
    }
  }
  return -1;
}
