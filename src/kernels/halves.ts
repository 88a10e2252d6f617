/**
 * Vectors held in two bytes a number, float16 or bfloat16, and their way to float32 and back. Rounded to nearest, ties to even.
 * What is too large becomes infinity, which tells of an overflow, or the largest number of the format: a state would never get
 * rid of an infinity.
 */
import { bitsOfFloat16, roundToFloat16 } from './float16';

export type HalfFormat = 'float16' | 'bfloat16';
export type Overflow = 'infinite' | 'largest';

/** The largest finite number of each format. */
export const largestHalf: Readonly<Record<HalfFormat, number>> = { float16: 65_504, bfloat16: 3.3895313892515355e38 };

/** Bits of a float32 to the bits of the nearest bfloat16; unlike roundToBfloat16, the largest numbers become infinity. */
export function roundToInfinityBfloat16(bits: number): number {
  if ((bits & 0x7fffffff) > 0x7f800000) return ((bits >>> 16) & 0x8000) | 0x7fc0;
  return ((bits >>> 0) + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

/** values = halves, from the entry `from` on as many as there are values. */
export function unpackHalves(format: HalfFormat, halves: Uint16Array, from: number, values: Float32Array): void {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  if (format === 'bfloat16') for (let at = 0; at < bits.length; at++) bits[at] = (halves[from + at] ?? 0) << 16;
  else for (let at = 0; at < bits.length; at++) bits[at] = bitsOfFloat16(halves[from + at] ?? 0);
}

/** halves = values, from the entry `from` on; the values stay as they are. */
export function packHalves(format: HalfFormat, values: Float32Array, halves: Uint16Array, from: number, overflow: Overflow): void {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  const round = format === 'bfloat16' ? roundToInfinityBfloat16 : roundToFloat16;
  for (let at = 0; at < bits.length; at++) halves[from + at] = round(bits[at] ?? 0);
  if (overflow === 'largest') boundHalves(format, halves, from, from + values.length);
}

/** What has become infinite is the largest number instead. */
function boundHalves(format: HalfFormat, halves: Uint16Array, from: number, to: number): void {
  const infinity = format === 'bfloat16' ? 0x7f80 : 0x7c00;
  for (let at = from; at < to; at++) if (((halves[at] ?? 0) & 0x7fff) === infinity) halves[at] = (halves[at] ?? 0) - 1;
}
