/**
 * Numbers as codes of 8 or 4 bits, eight or four in a word, on a grid of their block that has zero on it (see ../../quantization.ts):
 *
 *   x ~ unit * (code - zero),   unit >= (max - min) / (2^bits - 1),   zero = round(-min / unit),   min <= 0 <= max
 *
 * so that every x is at most unit / 2 from its value. A block's word holds the grid itself, the unit as a bfloat16 that is
 * rounded up, in its upper half, and the zero in its lower: the shaders that pack and unpack then cannot disagree on it. A unit
 * below 2^-126 is zero. Codes lie in bytes as on the host: of two in one, the first in the high half.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { CodeOptions } from '../deviceKernels';
import { compute } from './program';

const lanes = 128;

const gridCode = `
var<workgroup> extremes : array<vec2<f32>, ${lanes}>;

fn main(index : i32) {
  let lane = index % ${lanes};
  let block = index / ${lanes};
  var own = vec2<f32>(0.0, 0.0);
  for (var at = block * uniforms.blockLength + lane; at < min((block + 1) * uniforms.blockLength, uniforms.count); at = at + ${lanes}) {
    own = vec2<f32>(min(own.x, x[at]), max(own.y, x[at]));
  }
  extremes[lane] = own;
  for (var width = ${lanes / 2}; width > 0; width = width / 2) {
    workgroupBarrier();
    if (lane < width) {
      let other = extremes[lane + width];
      extremes[lane] = vec2<f32>(min(extremes[lane].x, other.x), max(extremes[lane].y, other.y));
    }
  }
  if (lane == 0 && block < uniforms.blocks) {
    let steps = f32((1 << u32(uniforms.bits)) - 1);
    let width = extremes[0].y / steps - extremes[0].x / steps;
    // Rounded up twice: the division may have come out too small.
    let rounded = min((bitcast<u32>(width) + 0x1ffffu) >> 16u, 0x7f7fu);
    let unit = bitcast<f32>(rounded << 16u);
    if (width < ${2 ** -126}) { result[block] = 0; } else { result[block] = i32((rounded << 16u) | u32(-extremes[0].x / unit + 0.5)); }
  }
}`;

const packCode = `
fn main(index : i32) {
  let perWord = 32 / uniforms.bits;
  if (index * perWord >= uniforms.count) { return; }
  let grid = bitcast<u32>(grids[index * perWord / uniforms.blockLength]);
  let unit = bitcast<f32>(grid & 0xffff0000u);
  let largest = f32((1 << u32(uniforms.bits)) - 1);
  var word = 0u;
  for (var number = 0; number < perWord; number = number + 1) {
    let at = index * perWord + number;
    if (at < uniforms.count && unit > 0.0) {
      let code = u32(clamp(x[at] / unit + f32(grid & 0xffffu) + 0.5, 0.0, largest));
      word = word | (code << placeOf(number));
    }
  }
  result[index] = bitcast<i32>(word);
}`;

const unpackCode = `
fn main(at : i32) {
  if (at >= uniforms.count) { return; }
  let perWord = 32 / uniforms.bits;
  let grid = bitcast<u32>(grids[at / uniforms.blockLength]);
  let code = (bitcast<u32>(codes[at / perWord]) >> placeOf(at % perWord)) & ((1u << u32(uniforms.bits)) - 1u);
  result[at] = bitcast<f32>(grid & 0xffff0000u) * f32(i32(code) - i32(grid & 0xffffu));
}`;

/** By how many bits number `number` of a word is shifted. */
const place = `
fn placeOf(number : i32) -> u32 {
  if (uniforms.bits == 8) { return 8u * u32(number); }
  return u32(8 * (number / 2) + 4 * (1 - number % 2));
}
`;

/** x [n]; a word for each block: [ceil(n / blockLength)]. */
export function quantizationGrids(backend: unknown, { x }: Readonly<Record<'x', TensorInfo>>, { bits, blockLength }: CodeOptions): TensorInfo {
  const count = x.shape[0] ?? 0;
  const blocks = Math.ceil(count / blockLength);
  return compute(backend, { name: 'quantization grids', code: gridCode, inputs: { x }, integers: { count, bits, blockLength, blocks }, workgroups: blocks, lanes }, [blocks], 'int32');
}

/** x [n] on the grids of its blocks; [ceil(n bits / 32)]. */
export function packCodes(backend: unknown, { x, grids }: Readonly<Record<'x' | 'grids', TensorInfo>>, { bits, blockLength }: CodeOptions): TensorInfo {
  const count = x.shape[0] ?? 0;
  const words = Math.ceil(count * bits / 32);
  return compute(backend, { name: 'pack codes', code: place + packCode, inputs: { x, grids }, integers: { count, bits, blockLength }, workgroups: Math.ceil(words / lanes), lanes }, [words], 'int32');
}

/** [n] */
export function unpackCodes(backend: unknown, { codes, grids }: Readonly<Record<'codes' | 'grids', TensorInfo>>, { count, bits, blockLength }: CodeOptions & { count: number }): TensorInfo {
  return compute(backend, { name: 'unpack codes', code: place + unpackCode, inputs: { codes, grids }, integers: { count, bits, blockLength }, workgroups: Math.ceil(count / lanes), lanes }, [count], 'float32');
}
