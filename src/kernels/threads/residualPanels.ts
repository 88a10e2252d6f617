/** The residual of one panel, added to and taken from the entries at `at` in the memory of a vector. */
import type { Residual } from '../residual';
import type { Kernels } from './kernelModule';
import type { Scratch } from './scratch';

/** Whether a panel at `start` shares no block of codes with another. */
export function isAligned(residual: Residual, start: number): boolean {
  return !('blockLength' in residual) || start % residual.blockLength === 0;
}

/** vector = vector + residual */
export function addResidualPanel(kernels: Kernels, { buffer }: WebAssembly.Memory, at: number, scratch: Scratch, residual: Residual, start: number, length: number): void {
  if (residual.bits === 32) {
    new Float32Array(buffer, scratch.residual, length).set(residual.entries.subarray(start, start + length));
    kernels.accumulate(at, scratch.residual, length);
  } else if (residual.bits === 16) {
    new Uint16Array(buffer, scratch.residual, length).set(residual.entries.subarray(start, start + length));
    kernels.addBfloat16(at, length, scratch.residual);
  } else {
    const { bits, blockLength, codes, ranges } = residual;
    const [heldCodes, heldRanges] = [codesOf(codes, bits, start, length), rangesOf(ranges, blockLength, start, length)];
    new Uint8Array(buffer, scratch.residual, heldCodes.length).set(heldCodes);
    new Uint16Array(buffer, scratch.ranges, heldRanges.length).set(heldRanges);
    kernels.addQuantized(at, length, bits, blockLength, scratch.residual, scratch.ranges);
  }
}

/** residual = vector */
export function keepResidualPanel(kernels: Kernels, { buffer }: WebAssembly.Memory, at: number, scratch: Scratch, residual: Residual, start: number, length: number): void {
  if (residual.bits === 32) {
    residual.entries.set(new Float32Array(buffer, at, length), start);
  } else if (residual.bits === 16) {
    kernels.packBfloat16(at, length, scratch.residual);
    residual.entries.set(new Uint16Array(buffer, scratch.residual, length), start);
  } else {
    const { bits, blockLength, codes, ranges } = residual;
    kernels.quantize(at, length, bits, blockLength, scratch.residual, scratch.ranges);
    const [heldCodes, heldRanges] = [codesOf(codes, bits, start, length), rangesOf(ranges, blockLength, start, length)];
    heldCodes.set(new Uint8Array(buffer, scratch.residual, heldCodes.length));
    heldRanges.set(new Uint16Array(buffer, scratch.ranges, heldRanges.length));
  }
}

function codesOf(codes: Uint8Array, bits: number, start: number, length: number): Uint8Array {
  return codes.subarray(start * bits / 8, Math.ceil((start + length) * bits / 8));
}

function rangesOf(ranges: Uint16Array, blockLength: number, start: number, length: number): Uint16Array {
  return ranges.subarray(2 * start / blockLength, 2 * Math.ceil((start + length) / blockLength));
}
