/**
 * Numbers as bfloat16, or as codes of 8 or 4 bits between the extremes of their block: the same arithmetic, operation by
 * operation, as ../quantization.ts, where it is explained. A block has `blockLength` entries, the last one maybe fewer.
 */
import { roundToBfloat16 } from './values';

const largest: f64 = f32.MAX_VALUE;

// @ts-ignore: decorator
@inline
function saturate(value: f64): f32 {
  return <f32>(value > largest ? largest : value < -largest ? -largest : value);
}

export function addBfloat16(vector: usize, length: usize, halves: usize): void {
  for (let i: usize = 0; i < length; i++) {
    const half = reinterpret<f32>(<u32>load<u16>(halves + (i << 1)) << 16);
    store<f32>(vector + (i << 2), saturate(<f64>load<f32>(vector + (i << 2)) + <f64>half));
  }
}

export function packBfloat16(vector: usize, length: usize, halves: usize): void {
  for (let i: usize = 0; i < length; i++) store<u16>(halves + (i << 1), roundToBfloat16(load<u32>(vector + (i << 2))));
}

/** The values of a block: unit * (code - zero). */
let unit: f64 = 0;
let zero: f64 = 0;

function readGrid(range: usize, steps: f64): void {
  const min = <f64>reinterpret<f32>(<u32>load<u16>(range) << 16);
  const max = <f64>reinterpret<f32>(<u32>load<u16>(range, 2) << 16);
  unit = (max - min) / steps;
  zero = unit == 0 ? 0 : Math.round(-min / unit);
}

/** vector = vector + quantized */
export function addQuantized(vector: usize, length: usize, bits: u32, blockLength: usize, codes: usize, ranges: usize): void {
  for (let from: usize = 0, block: usize = 0; from < length; from += blockLength, block++) {
    readGrid(ranges + (block << 2), bits == 8 ? 255 : 15);
    const to = min(from + blockLength, length);
    for (let i = from; i < to; i++) {
      const code = bits == 8 ? <u32>load<u8>(codes + i) : (<u32>load<u8>(codes + (i >> 1)) >> ((~<u32>i & 1) << 2)) & 15;
      store<f32>(vector + (i << 2), saturate(<f64>load<f32>(vector + (i << 2)) + unit * (<f64>code - zero)));
    }
  }
}

/** quantized = vector */
export function quantize(vector: usize, length: usize, bits: u32, blockLength: usize, codes: usize, ranges: usize): void {
  for (let from: usize = 0, block: usize = 0; from < length; from += blockLength, block++) {
    const to = min(from + blockLength, length);
    setRange(vector, from, to, ranges + (block << 2));
    readGrid(ranges + (block << 2), bits == 8 ? 255 : 15);
    const factor = unit == 0 ? 0 : 1 / unit;
    const offset = zero + 0.5;
    if (bits == 8) {
      for (let i = from; i < to; i++) store<u8>(codes + i, <u8>codeOf(vector, i, factor, offset, 255));
    } else {
      for (let i = from; i < to; i += 2) {
        const second = i + 1 < to ? codeOf(vector, i + 1, factor, offset, 15) : 0;
        store<u8>(codes + (i >> 1), <u8>(codeOf(vector, i, factor, offset, 15) << 4 | second));
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function codeOf(vector: usize, i: usize, factor: f64, offset: f64, most: i32): i32 {
  return max(min(<i32>(<f64>load<f32>(vector + (i << 2)) * factor + offset), most), 0);
}

function setRange(vector: usize, from: usize, to: usize, range: usize): void {
  let least: f32 = 0;
  let most: f32 = 0;
  for (let i = from; i < to; i++) {
    const value = load<f32>(vector + (i << 2));
    if (value < least) least = value;
    if (value > most) most = value;
  }
  store<u16>(range, roundAwayFromZero(reinterpret<u32>(least)));
  store<u16>(range, roundAwayFromZero(reinterpret<u32>(most)), 2);
}

function roundAwayFromZero(bits: u32): u16 {
  const rounded = <u32>((<u64>bits + 0xffff) >> 16);
  return <u16>((rounded & 0x7f80) == 0x7f80 && (bits & 0x7f800000) != 0x7f800000 ? rounded - 1 : rounded);
}
