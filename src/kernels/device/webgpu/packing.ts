/**
 * Two numbers of 16 bits in every 32-bit word, the first in the lower half: indices relative to the start of their block, and
 * bfloat16 values, rounded to nearest, ties to even, what would round to infinity staying the largest number.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { compute } from './program';
import { runTable } from './sparseEntries';

const lanes = 128;

/** `half(at)` gives the 16 bits of number `at`. */
const pack = (half: string) => `
${half}
fn main(index : i32) {
  if (2 * index >= uniforms.count) { return; }
  var word = half(2 * index);
  if (2 * index + 1 < uniforms.count) { word = word | (half(2 * index + 1) << 16u); }
  result[index] = bitcast<i32>(word);
}`;

const unpack = (declarations: string, result: string) => `
${declarations}
fn main(at : i32) {
  if (at >= uniforms.count) { return; }
  let half = (bitcast<u32>(packed[at / 2]) >> (16u * u32(at & 1))) & 0xffffu;
  result[at] = ${result};
}`;

const roundedHalf = `
fn half(at : i32) -> u32 {
  let bits = bitcast<u32>(x[at]);
  let rounded = (bits + 0x7fffu + ((bits >> 16u) & 1u)) >> 16u;
  let overflows = (rounded & 0x7f80u) == 0x7f80u && (bits & 0x7f800000u) != 0x7f800000u;
  return rounded - select(0u, 1u, overflows);
}`;

const relativeHalf = `
${runTable}
fn half(at : i32) -> u32 { return u32(x[at] - blockOf(runOf(at, keptBefore), at)); }`;

const words = (count: number) => Math.ceil(count / 2);

/** x [n]; [ceil(n / 2)]. */
export function packBfloat16(backend: unknown, { x }: Readonly<Record<'x', TensorInfo>>): TensorInfo {
  const count = x.shape[0] ?? 0;
  return compute(backend, { name: 'pack bfloat16', code: pack(roundedHalf), inputs: { x }, integers: { count }, workgroups: Math.ceil(words(count) / lanes), lanes }, [words(count)], 'int32');
}

/** packed [ceil(n / 2)]; [n]. */
export function unpackBfloat16(backend: unknown, { packed }: Readonly<Record<'packed', TensorInfo>>, { count }: { count: number }): TensorInfo {
  return compute(backend, { name: 'unpack bfloat16', code: unpack('', 'bitcast<f32>(half << 16u)'), inputs: { packed }, integers: { count }, workgroups: Math.ceil(count / lanes), lanes }, [count], 'float32');
}

/** x [k], indices from the start of the vector; [ceil(k / 2)], relative to their blocks. */
export function packIndices(backend: unknown, { x, runs }: Readonly<Record<'x' | 'runs', TensorInfo>>, { runCount }: { runCount: number }): TensorInfo {
  const count = x.shape[0] ?? 0;
  return compute(backend, { name: 'pack indices', code: pack(relativeHalf), inputs: { x, runs }, integers: { count, runCount }, workgroups: Math.ceil(words(count) / lanes), lanes }, [words(count)], 'int32');
}

/** packed [ceil(k / 2)]; [k], from the start of the vector. */
export function unpackIndices(backend: unknown, { packed, runs }: Readonly<Record<'packed' | 'runs', TensorInfo>>, { count, runCount }: { count: number; runCount: number }): TensorInfo {
  const code = unpack(runTable, 'blockOf(runOf(at, keptBefore), at) + i32(half)');
  return compute(backend, { name: 'unpack indices', code, inputs: { packed, runs }, integers: { count, runCount }, workgroups: Math.ceil(count / lanes), lanes }, [count], 'int32');
}
