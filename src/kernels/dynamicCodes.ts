/**
 * Numbers of magnitude at most 1 in 8 bits: dynamic (tree) quantisation, arXiv 2110.02861, section 2.2. The values of seven
 * decades, from 1e-7 to 1, of which each has twice as many values as the one below it, evenly spaced: the larger a number,
 * the finer. 0 and 1 are values too. Unsigned, the seven decades have 2, 4, ... 128 values; signed, half as many for each sign.
 */

const decades = 7;

/** [256] and ascending: 0, then the middles of equal intervals in each decade, then 1. */
const unsignedValues = magnitudes(2);
/** [129], for one sign. */
const signedMagnitudes = magnitudes(1);
/** Code 127 is 0, larger ones are positive, smaller ones negative; 1 is a value, -1 is not. */
const zeroCode = signedMagnitudes.length - 2;

function magnitudes(perLowest: number): Float64Array {
  const values = [0];
  for (let decade = 0; decade < decades; decade++) {
    const count = perLowest * 2 ** decade;
    for (let at = 0; at < count; at++) values.push(10 ** (decade - decades) * (1 + 9 * (at + 0.5) / count));
  }
  return Float64Array.of(...values, 1);
}

export function decodeUnsigned(code: number): number {
  return unsignedValues[code] ?? 0;
}

export function decodeSigned(code: number): number {
  return code < zeroCode ? -(signedMagnitudes[zeroCode - code] ?? 0) : signedMagnitudes[code - zeroCode] ?? 0;
}

/**
 * One of the two codes next to `value` [0, 1], the upper one with a probability that makes the mean right: `dither` is a
 * random number in [0, 1). A value that is not 0 never becomes 0.
 */
export function encodeUnsigned(value: number, dither: number): number {
  number[0] = value;
  const lower = codeBelow(unsignedStarts, unsignedValues);
  return Math.max(value > 0 ? 1 : 0, between(value, lower, unsignedValues) > dither ? lower + 1 : lower);
}

/** The nearest code of `value` [-1, 1]. */
export function encodeSigned(value: number): number {
  const magnitude = Math.abs(value);
  number[0] = magnitude;
  const lower = codeBelow(signedStarts, signedMagnitudes);
  const nearest = between(magnitude, lower, signedMagnitudes) > 0.5 ? lower + 1 : lower;
  return value < 0 ? zeroCode - Math.min(nearest, zeroCode) : zeroCode + nearest;
}

const number = new Float32Array(1);
const bits = new Uint32Array(number.buffer);

/** The code at or below every magnitude whose lower 16 bits are 0, by the upper 16. No two values share their upper bits. */
const unsignedStarts = startsOf(unsignedValues);
const signedStarts = startsOf(signedMagnitudes);

function startsOf(values: Float64Array): Uint8Array {
  const starts = new Uint8Array((bitsOf(1) >>> 16) + 1);
  let code = 0;
  for (let upper = 0; upper < starts.length; upper++) {
    while (bitsOf(values[code + 1] ?? Infinity) <= upper * 65_536) code++;
    starts[upper] = code;
  }
  return starts;
}

function bitsOf(value: number): number {
  number[0] = value;
  return bits[0] ?? 0;
}

/** The largest code but the last whose value is at most `number`. */
function codeBelow(starts: Uint8Array, values: Float64Array): number {
  const start = starts[(bits[0] ?? 0) >>> 16] ?? 0;
  const code = (values[start + 1] ?? 2) <= (number[0] ?? 0) ? start + 1 : start;
  return Math.min(code, values.length - 2);
}

/** How far `magnitude` is on the way from value `lower` to the next, from 0 to 1. */
function between(magnitude: number, lower: number, values: Float64Array): number {
  const below = values[lower] ?? 0;
  return (magnitude - below) / ((values[lower + 1] ?? 1) - below);
}

/** Uniform in [0, 1), the same for the same two numbers: a hash of both (the finaliser of MurmurHash3). */
export function ditherAt(step: number, place: number): number {
  let bits = Math.imul(step, 0x9e3779b1) ^ place;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}
