/**
 * Float32 to two-byte formats and back by their bits, rounding to nearest, ties to even (IEEE 754-2019, sections 3.4 and 4.3.1). The
 * definition that all backends are compared with: no arithmetic in floating point that an implementation could round in its own way.
 */
import type { HalfFormat } from './halfKernels';

/** out[i] = x[i] in this format; `x` are bits of float32. Of the same length. */
export function packBits(x: Uint32Array, format: HalfFormat, out: Uint16Array): void {
  const round = format === 'float16' ? toFloat16 : toBfloat16;
  for (let i = 0; i < x.length; i++) out[i] = round(x[i] ?? 0);
}

/** The inverse, exact; of `packed` as many as `out` has room for. */
export function unpackBits(packed: Uint16Array, format: HalfFormat, out: Uint32Array): void {
  if (format === 'float16') for (let i = 0; i < out.length; i++) out[i] = fromFloat16(packed[i] ?? 0);
  else for (let i = 0; i < out.length; i++) out[i] = (packed[i] ?? 0) << 16;
}

function toBfloat16(bits: number): number {
  if ((bits & 0x7fffffff) > 0x7f800000) return 0x7fc0;
  // A carry out of the fraction raises the exponent, at last to that of infinity.
  return bits + 0x7fff + (bits >>> 16 & 1) >>> 16;
}

function toFloat16(bits: number): number {
  const sign = bits >>> 16 & 0x8000;
  const size = bits & 0x7fffffff;
  if (size > 0x7f800000) return 0x7e00;
  // 65,536 and more.
  if (size >= 0x47800000) return sign | 0x7c00;
  // Normal from 2^-14 on: another bias of the exponent, and 13 bits less of the fraction.
  if (size >= 0x38800000) return sign | size - 0x38000000 + 0xfff + (size >>> 13 & 1) >>> 13;
  return sign | subnormal(size);
}

/** In units of 2^-24, the smallest subnormal. */
function subnormal(size: number): number {
  const shift = 126 - (size >>> 23);
  // Below half a unit.
  if (shift > 24) return 0;
  const significand = size & 0x7fffff | 0x800000;
  const whole = significand >>> shift;
  const twiceTheRest = significand - (whole << shift) << 1;
  const unit = 1 << shift;
  return twiceTheRest > unit || (twiceTheRest === unit && (whole & 1) === 1) ? whole + 1 : whole;
}

function fromFloat16(half: number): number {
  const sign = (half & 0x8000) << 16;
  const size = half & 0x7fff;
  if (size >= 0x7c00) return sign | 0x7f800000 | (size & 0x3ff) << 13;
  if (size >= 0x400) return sign | (size << 13) + 0x38000000;
  if (size === 0) return sign;
  // A subnormal is normal in float32: its highest bit becomes the hidden one.
  const highest = 31 - Math.clz32(size);
  return sign | highest + 103 << 23 | size << 23 - highest & 0x7fffff;
}
