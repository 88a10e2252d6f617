/**
 * Block Top-K: of every block the entries of largest magnitude, in ascending order of their index; of equal magnitudes the
 * lowest index wins. Exact, without sorting and with one pass over most entries: a sample gives a bound that is almost
 * surely below the cut, SIMD comparisons pick out the few candidates above it, and histograms over their bits find the cut
 * among these. Where the bound was too high after all, every entry is a candidate.
 *
 * `scratch`: 4096 counters of 4 bytes, then 6 bytes for every entry of a block.
 */
import { roundToBfloat16 } from './values';

const sampleStride: usize = 17;
const counters: usize = 4096 * 4;

/** Of the block of `length` float32 at `vector`: writes `kept` values and indices, which count from `base`. */
export function topK(vector: usize, length: usize, kept: usize, base: u32, outValues: usize, outIndices: usize, narrow: bool, scratch: usize): void {
  const bits = scratch + counters;
  const indices = bits + (length << 2);
  let found = <usize>0;
  if (length >= 1024 && kept * 8 <= length) found = candidates(vector, length, sampledBound(vector, length, kept, scratch), bits, indices);
  if (found < kept) found = candidates(vector, length, 0, bits, indices);
  cut(bits, found, kept, scratch);
  let ties = tiesAtCut;
  let to: usize = 0;
  for (let i: usize = 0; i < found; i++) {
    const pattern = load<u32>(bits + (i << 2));
    const magnitude = pattern & 0x7fffffff;
    if (<i32>magnitude > aboveCut || (<i32>magnitude == aboveCut && ties-- > 0)) {
      store<u16>(outIndices + (to << 1), <u16>(base + load<u16>(indices + (i << 1))));
      if (narrow) store<u16>(outValues + (to << 1), roundToBfloat16(pattern));
      else store<u32>(outValues + (to << 2), pattern);
      to++;
    }
  }
}

/** A magnitude that about one and a half times `kept` entries reach, and some more for the noise of a sample. */
function sampledBound(vector: usize, length: usize, kept: usize, histogram: usize): u32 {
  memory.fill(histogram, 0, 2048 * 4);
  for (let i: usize = 0; i < length; i += sampleStride) {
    const counter = histogram + <usize>((load<u32>(vector + (i << 2)) & 0x7fffffff) >> 20 << 2);
    store<u32>(counter, load<u32>(counter) + 1);
  }
  const expected = <f64>kept / <f64>sampleStride;
  const wanted = <i32>(1.5 * expected + 3 * Math.sqrt(expected) + 2);
  let digit: i32 = 2047;
  for (let count: i32 = 0; digit > 0; digit--) {
    count += load<i32>(histogram + (<usize>digit << 2));
    if (count >= wanted) break;
  }
  return <u32>digit << 20;
}

/** Bits and indices of the entries whose magnitude reaches `bound`; returns how many. */
function candidates(vector: usize, length: usize, bound: u32, bits: usize, indices: usize): usize {
  const least = i32x4.splat(<i32>bound);
  const magnitude = i32x4.splat(0x7fffffff);
  let found: usize = 0;
  let i: usize = 0;
  for (; i + 8 <= length; i += 8) {
    const low = i32x4.ge_s(v128.and(v128.load(vector + (i << 2)), magnitude), least);
    const high = i32x4.ge_s(v128.and(v128.load(vector + (i << 2), 16), magnitude), least);
    if (!v128.any_true(v128.or(low, high))) continue;
    for (let mask = i32x4.bitmask(low) | (i32x4.bitmask(high) << 4); mask != 0; mask &= mask - 1) {
      const at = i + <usize>ctz(mask);
      store<u32>(bits + (found << 2), load<u32>(vector + (at << 2)));
      store<u16>(indices + (found << 1), <u16>at);
      found++;
    }
  }
  for (; i < length; i++) {
    const pattern = load<u32>(vector + (i << 2));
    if ((pattern & 0x7fffffff) < bound) continue;
    store<u32>(bits + (found << 2), pattern);
    store<u16>(indices + (found << 1), <u16>i);
    found++;
  }
  return found;
}

/** Every candidate above `aboveCut` is kept, and the first `tiesAtCut` that equal it. */
let aboveCut: i32 = 0;
let tiesAtCut: i32 = 0;

function cut(bits: usize, count: usize, kept: usize, histogram: usize): void {
  aboveCut = -1;
  tiesAtCut = 0;
  if (kept >= count) return;
  let larger: i32 = 0;
  let prefix: i32 = 0;
  let shift: i32 = 31;
  for (let level = 0; level < 3; level++) {
    const width: i32 = level == 0 ? 11 : 10;
    countDigits(bits, count, <u32>prefix, <u32>shift, <u32>width, histogram);
    shift -= width;
    let digit: i32 = (1 << width) - 1;
    for (; ; digit--) {
      const here = load<i32>(histogram + (<usize>digit << 2));
      if (larger + here >= <i32>kept) break;
      larger += here;
    }
    prefix = (prefix << width) | digit;
    if (larger + load<i32>(histogram + (<usize>digit << 2)) == <i32>kept) {
      aboveCut = (prefix << shift) - 1;
      return;
    }
  }
  aboveCut = prefix;
  tiesAtCut = <i32>kept - larger;
}

/** Counts the next `width` bits below `shift` of the magnitudes whose bits above it are `prefix`. */
function countDigits(bits: usize, count: usize, prefix: u32, shift: u32, width: u32, histogram: usize): void {
  memory.fill(histogram, 0, <usize>4 << width);
  const mask: u32 = (1 << width) - 1;
  for (let i: usize = 0; i < count; i++) {
    const magnitude = load<u32>(bits + (i << 2)) & 0x7fffffff;
    if (magnitude >> shift != prefix) continue;
    const counter = histogram + <usize>(((magnitude >> (shift - width)) & mask) << 2);
    store<u32>(counter, load<u32>(counter) + 1);
  }
}
