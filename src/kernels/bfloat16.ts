/** bfloat16, the upper half of a float32: eight bits of exponent, seven of fraction. Two bytes each. */
import { saturate } from './saturate';

/** Bits of a float32 to the bits of the nearest bfloat16, ties to even; what would round to infinity stays the largest number. */
export function roundToBfloat16(bits: number): number {
  const rounded = (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
  return (rounded & 0x7f80) === 0x7f80 && (bits & 0x7f800000) !== 0x7f800000 ? rounded - 1 : rounded;
}

/** The same, but to the next bfloat16 away from zero where it lies between two. */
export function roundAwayFromZero(bits: number): number {
  const rounded = (bits + 0xffff) >>> 16;
  return (rounded & 0x7f80) === 0x7f80 && (bits & 0x7f800000) !== 0x7f800000 ? rounded - 1 : rounded;
}

const word = new Uint32Array(1);
const number = new Float32Array(word.buffer);

export function fromBfloat16(half: number): number {
  word[0] = half << 16;
  return number[0] ?? 0;
}

export function bitsOfFloat(value: number): number {
  number[0] = value;
  return word[0] ?? 0;
}

/** halves = vector, over the entries [start, end) of both; relative error at most 2^-8. */
export function packBfloat16(vector: Float32Array, start: number, end: number, halves: Uint16Array): void {
  const bits = new Int32Array(vector.buffer, vector.byteOffset, vector.length);
  for (let at = start; at < end; at++) halves[at] = roundToBfloat16(bits[at] ?? 0);
}

/** vector = vector + halves, over the entries [start, end) of both. */
export function addBfloat16(halves: Uint16Array, start: number, end: number, vector: Float32Array): void {
  for (let at = start; at < end; at++) vector[at] = saturate((vector[at] ?? 0) + fromBfloat16(halves[at] ?? 0));
}
