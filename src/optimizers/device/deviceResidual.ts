/**
 * What compression has left out so far, e, on the device, as in ../residual.ts: float32 in 4 d bytes; on webgpu also bfloat16,
 * two in a word, or codes of 8 or 4 bits, four or eight in a word, and a word for each 1,024 parameters.
 */
import { add, clipByValue, fill, type Tensor } from '@tensorflow/tfjs-core';
import { packBfloat16, packCodes, unpackBfloat16, unpackCodes } from '../../kernels/device/deviceKernels';
import { largestFloat } from '../../kernels/saturate';
import { quantizationBlock as blockLength } from '../../settings/formulas/residual';

export type DeviceResidual =
  | { readonly bits: 32; readonly entries: Tensor /* [d] */ }
  | { readonly bits: 16; readonly entries: Tensor /* [ceil(d / 2)] */ }
  | { readonly bits: 8 | 4; readonly codes: Tensor; readonly grids: Tensor };

export function createResidual(bits: DeviceResidual['bits'], dimension: number): DeviceResidual {
  return keepResidual(bits, fill([dimension], 0));
}

/** As near to `vector` [d] as so many bits can hold it. */
export function keepResidual(bits: DeviceResidual['bits'], vector: Tensor): DeviceResidual {
  if (bits === 32) return { bits, entries: vector };
  if (bits === 16) return { bits, entries: packBfloat16(vector) };
  return { bits, ...packCodes(vector, { bits, blockLength }) };
}

export function readResidual(residual: DeviceResidual, dimension: number): Tensor {
  if (residual.bits === 32) return residual.entries;
  if (residual.bits === 16) return unpackBfloat16(residual.entries, dimension);
  return unpackCodes(residual, dimension, { bits: residual.bits, blockLength });
}

/** residual + vector, within float32: infinity would never leave the residual again. */
export function addResidual(residual: DeviceResidual, vector: Tensor): Tensor {
  return clipByValue(add(readResidual(residual, vector.size), vector), -largestFloat, largestFloat);
}

export function tensorsOfResidual(residual: DeviceResidual): Tensor[] {
  return 'entries' in residual ? [residual.entries] : [residual.codes, residual.grids];
}

/** The same residual, each tensor being what `each` makes of it. */
export function mapResidual(residual: DeviceResidual, each: (tensor: Tensor) => Tensor): DeviceResidual {
  return 'entries' in residual ? { ...residual, entries: each(residual.entries) } : { ...residual, codes: each(residual.codes), grids: each(residual.grids) };
}
