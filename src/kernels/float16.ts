/**
 * float16, IEEE 754 binary16: five bits of exponent, ten of fraction, subnormals down to 2^-24. Two bytes each. Between bits, so
 * that nothing depends on how an engine rounds.
 */

/** Bits of a float32 to the bits of the nearest float16, ties to even; from 65,520 on infinity, as IEEE 754 has it. */
export function roundToFloat16(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) return sign | subnormal(magnitude);
  return sign | ((magnitude + 0xfff + ((magnitude >>> 13) & 1) - 0x38000000) >>> 13);
}

/** Bits of a float16 to those of the same number in float32. */
export function bitsOfFloat16(half: number): number {
  const sign = (half & 0x8000) << 16;
  const magnitude = half & 0x7fff;
  if (magnitude >= 0x7c00) return sign | 0x7f800000 | (magnitude << 13);
  if (magnitude >= 0x400) return sign | ((magnitude << 13) + 0x38000000);
  number[0] = magnitude * 2 ** -24;
  return sign | (word[0] ?? 0);
}

const word = new Int32Array(1);
const number = new Float32Array(word.buffer);

/** Beside a half, numbers of float32 lie 2^-24 apart, as subnormals of float16 do: the sum rounds as they must. */
function subnormal(magnitude: number): number {
  word[0] = magnitude;
  number[0] = (number[0] ?? 0) + 0.5;
  return word[0] - 0x3f000000;
}
