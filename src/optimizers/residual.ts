/**
 * What compression has left out so far, e: as float32, as bfloat16, or as codes of 8 or 4 bits (kernels/quantization.ts).
 * What a residual of fewer than 32 bits cannot hold is lost, so error feedback telescopes up to that rounding.
 * Holds 4, 2, 1 or 1/2 bytes per parameter, and 4 bytes for each 1,024 parameters beside codes.
 */
import { addBfloat16, packBfloat16 } from '../kernels/bfloat16';
import { addQuantized, quantize } from '../kernels/quantization';
import type { Residual } from '../kernels/residual';
import { saturate } from '../kernels/saturate';
import { quantizationBlock } from '../settings/formulas/residual';

export type ResidualBits = 32 | 16 | 8 | 4;

export type { Residual };

/** Zeroed memory, such as memory that several threads reach. */
export type Allocate = (bytes: number) => ArrayBufferLike;

const ownMemory: Allocate = bytes => new ArrayBuffer(bytes);

export function createResidual(bits: ResidualBits, dimension: number, allocate = ownMemory): Residual {
  if (bits === 32) return { bits, entries: new Float32Array(allocate(4 * dimension)) };
  if (bits === 16) return { bits, entries: new Uint16Array(allocate(2 * dimension)) };
  const codes = new Uint8Array(allocate(Math.ceil(dimension * bits / 8)));
  const ranges = new Uint16Array(allocate(4 * Math.ceil(dimension / quantizationBlock)));
  return { bits, length: dimension, blockLength: quantizationBlock, codes, ranges };
}

/** vector = vector + residual over the entries [start, end), which are whole quantisation blocks but at the vector's end. */
export function addResidual(residual: Residual, vector: Float32Array, start = 0, end = vector.length): void {
  if (residual.bits === 32) {
    const { entries } = residual;
    for (let at = start; at < end; at++) vector[at] = saturate((vector[at] ?? 0) + (entries[at] ?? 0));
  } else if (residual.bits === 16) {
    addBfloat16(residual.entries, start, end, vector);
  } else {
    addQuantized(residual, start, end, vector);
  }
}

/** residual = vector over the same entries, as near as it can hold them. */
export function keepResidual(residual: Residual, vector: Float32Array, start = 0, end = vector.length): void {
  if (residual.bits === 32) residual.entries.set(vector.subarray(start, end), start);
  else if (residual.bits === 16) packBfloat16(vector, start, end, residual.entries);
  else quantize(vector, start, end, residual);
}

/** The residual itself where it has so many bits, else the same one at so many, a few blocks at a time. */
export function fitResidual(residual: Residual, bits: ResidualBits, allocate = ownMemory): Residual {
  if (bits === residual.bits) return residual;
  const dimension = 'length' in residual ? residual.length : residual.entries.length;
  const fitted = createResidual(bits, dimension, allocate);
  const tile = new Float32Array(Math.min(dimension, 64 * quantizationBlock));
  for (let start = 0; start < dimension; start += tile.length) {
    const part = tile.subarray(0, Math.min(tile.length, dimension - start));
    part.fill(0);
    addResidual(partOf(residual, start, part.length), part);
    keepResidual(partOf(fitted, start, part.length), part);
  }
  return fitted;
}

/** Views of `length` entries from `start`, where a block begins. */
function partOf(residual: Residual, start: number, length: number): Residual {
  if (residual.bits === 32) return { bits: 32, entries: residual.entries.subarray(start, start + length) };
  if (residual.bits === 16) return { bits: 16, entries: residual.entries.subarray(start, start + length) };
  const { bits, blockLength, codes, ranges } = residual;
  return {
    bits, length, blockLength,
    codes: codes.subarray(start * bits / 8, Math.ceil((start + length) * bits / 8)),
    ranges: ranges.subarray(2 * start / blockLength, 2 * Math.ceil((start + length) / blockLength)),
  };
}
