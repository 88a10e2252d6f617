/**
 * Float32 tensors stored in two bytes a number, on every backend: kernels of our own pack n numbers into an int32 tensor of ceil(n / 2)
 * elements, number 2i in the lower half of element i and 2i + 1 in the upper (zero where n is odd). It is a tensor like any other, so
 * the engine counts and frees it.
 *
 * Formats: `float16`, IEEE 754 binary16 with subnormals, beyond 65,504 rounded to it or to infinity; `bfloat16`, the upper half of a
 * float32. Both round to nearest, ties to even. A NaN stays one, but its bits may differ from backend to backend; all others do not.
 *
 * Bytes: 4 ceil(n / 2) packed, 4n unpacked; tensorflow takes 2n besides while it packs or unpacks an odd number of values.
 */
import { engine, util, type Tensor } from '@tensorflow/tfjs-core';

export const halfFormats = ['float16', 'bfloat16'] as const;
export type HalfFormat = typeof halfFormats[number];

/** Input x, float32; attributes `PackAttributes`; output int32 [ceil(n / 2)]. */
export const packHalfName = 'PackHalf';
/** Input packed, int32 [ceil(n / 2)]; attributes `UnpackAttributes`; output float32 of that shape. */
export const unpackHalfName = 'UnpackHalf';

export interface PackAttributes { readonly format: HalfFormat }
export interface UnpackAttributes extends PackAttributes { readonly shape: readonly number[] }

/** Elements of the int32 tensor that holds `count` halves. */
export function packedSize(count: number): number {
  return Math.ceil(count / 2);
}

export function packHalf(x: Tensor, format: HalfFormat): Tensor {
  if (x.dtype !== 'float32') throw new Error(`Only float32 can be stored as ${format}, but this tensor is ${x.dtype}. Store it as it is.`);
  return engine().runKernel<Tensor>(packHalfName, { x }, { format });
}

/** `shape` is that of the tensor which was packed. */
export function unpackHalf(packed: Tensor, format: HalfFormat, shape: readonly number[]): Tensor {
  const size = util.sizeFromShape([...shape]);
  if (packed.dtype !== 'int32' || packed.size !== packedSize(size)) {
    throw new Error(`[${shape.join()}] as ${format} takes ${packedSize(size)} elements of int32, but the packed tensor has ${packed.size} of ${packed.dtype}. Give the shape of the tensor that was packed.`);
  }
  return engine().runKernel<Tensor>(unpackHalfName, { packed }, { format, shape: [...shape] });
}
