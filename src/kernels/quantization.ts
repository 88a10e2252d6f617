/**
 * Numbers as codes of 8 or 4 bits between the extremes of their block, as MicroAdam holds its residual (arXiv 2405.15593,
 * algorithm 2), with one change: zero is always one of the values.
 *
 *   u = (max - min) / (2^bits - 1),   zero = round(-min / u),   code = round(x / u) + zero,   x ~ u (code - zero)
 *
 * The published x ~ min + u code meets zero by chance only, so that what compression has just sent in full would come back
 * as a residual that never was. Here min <= 0 <= max, so the grid lies at most u/2 off [min, max] and every x in it, the
 * extremes too, is at most u/2 from its value. The extremes are held as bfloat16, rounded away from zero so that they
 * contain all x; that widens u by at most 1/128. Only beyond bfloat16's largest number, 3.39e38, do values saturate.
 * Holds a code for each entry and 4 bytes for each block.
 */
import { bitsOfFloat, fromBfloat16, roundAwayFromZero } from './bfloat16';
import { saturate } from './saturate';

export type Quantized = {
  readonly bits: 8 | 4;
  /** How many numbers these are. */
  readonly length: number;
  /** Numbers in a block; even. The last block may be shorter. */
  readonly blockLength: number;
  /** One in a byte, or two: the first in the high half. A last one without a partner is in the high half, the low half zero. */
  readonly codes: Uint8Array;
  readonly ranges: Uint16Array; // [blocks, 2]: min and max, bfloat16
};

/** The values of a block: unit * (code - zero). */
const grid = { unit: 0, zero: 0 };

/** Entries [start, end) of `quantized` = those of `vector`. A range starts and ends between two blocks, or at the vector's end. */
export function quantize(vector: Float32Array, start: number, end: number, quantized: Quantized): void {
  const { bits, blockLength, codes, ranges } = quantized;
  const encode = bits === 8 ? encodeBytes : encodeHalves;
  for (let from = start; from < end; from += blockLength) {
    const to = Math.min(from + blockLength, end);
    const block = from / blockLength;
    setRange(vector, from, to, ranges, block);
    readGrid(ranges, block, bits);
    encode(vector, from, to, codes);
  }
}

/** vector = vector + quantized, over the entries [start, end) of both; ranges as above. */
export function addQuantized(quantized: Quantized, start: number, end: number, vector: Float32Array): void {
  const { bits, blockLength, codes, ranges } = quantized;
  const add = bits === 8 ? addBytes : addHalves;
  for (let from = start; from < end; from += blockLength) {
    readGrid(ranges, from / blockLength, bits);
    add(codes, from, Math.min(from + blockLength, end), vector);
  }
}

function setRange(vector: Float32Array, from: number, to: number, ranges: Uint16Array, block: number): void {
  let [min, max] = [0, 0];
  for (let at = from; at < to; at++) {
    const value = vector[at] ?? 0;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  ranges[2 * block] = roundAwayFromZero(bitsOfFloat(min));
  ranges[2 * block + 1] = roundAwayFromZero(bitsOfFloat(max));
}

/** In float64, where the width of a range is finite and its 255th part above zero, whatever the extremes. */
function readGrid(ranges: Uint16Array, block: number, bits: number): void {
  const min = fromBfloat16(ranges[2 * block] ?? 0);
  const max = fromBfloat16(ranges[2 * block + 1] ?? 0);
  grid.unit = (max - min) / (2 ** bits - 1);
  grid.zero = grid.unit === 0 ? 0 : Math.round(-min / grid.unit);
}

function codeOf(scaled: number, largest: number): number {
  const code = scaled | 0;
  return code < 0 ? 0 : code > largest ? largest : code;
}

function encodeBytes(vector: Float32Array, from: number, to: number, codes: Uint8Array): void {
  const factor = grid.unit === 0 ? 0 : 1 / grid.unit;
  const offset = grid.zero + 0.5;
  for (let at = from; at < to; at++) codes[at] = codeOf((vector[at] ?? 0) * factor + offset, 255);
}

function encodeHalves(vector: Float32Array, from: number, to: number, codes: Uint8Array): void {
  const factor = grid.unit === 0 ? 0 : 1 / grid.unit;
  const offset = grid.zero + 0.5;
  for (let at = from; at < to; at += 2) {
    const first = codeOf((vector[at] ?? 0) * factor + offset, 15);
    const second = at + 1 < to ? codeOf((vector[at + 1] ?? 0) * factor + offset, 15) : 0;
    codes[at >>> 1] = first << 4 | second;
  }
}

function addBytes(codes: Uint8Array, from: number, to: number, vector: Float32Array): void {
  const { unit, zero } = grid;
  for (let at = from; at < to; at++) vector[at] = saturate((vector[at] ?? 0) + unit * ((codes[at] ?? 0) - zero));
}

function addHalves(codes: Uint8Array, from: number, to: number, vector: Float32Array): void {
  const { unit, zero } = grid;
  for (let at = from; at < to; at += 2) {
    const pair = codes[at >>> 1] ?? 0;
    vector[at] = saturate((vector[at] ?? 0) + unit * ((pair >>> 4) - zero));
    if (at + 1 < to) vector[at + 1] = saturate((vector[at + 1] ?? 0) + unit * ((pair & 15) - zero));
  }
}
