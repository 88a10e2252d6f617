/**
 * Transpose, Slice, StridedSlice and Reverse: each reads x with its own strides, and one kernel copies. Where nothing moves the result
 * is another handle to the same buffer. The stock kernels take most cases element by element, and trap where there are none.
 */
import {
  Reverse, Slice, StridedSlice, Transpose, slice_util, util,
  type ReverseAttrs, type ReverseInputs, type SliceAttrs, type SliceInputs, type StridedSliceAttrs, type StridedSliceInputs, type TensorInfo, type TransposeAttrs, type TransposeInputs,
} from '@tensorflow/tfjs-core';
import type { Heap } from '../heap';
import { kernel } from '../kernel';

/** Dimensions of the output, outermost first, and where in x its first element lies, in bytes. */
interface Walk {
  readonly dimensions: readonly (readonly [size: number, bytes: number])[];
  readonly start: number;
}

export const transpose = kernel<TransposeInputs, TransposeAttrs>(Transpose, (heap, { x }, { perm }, stock) => {
  const strides = byteStrides(x.shape);
  return copy(heap, x, perm.map(axis => x.shape[axis] ?? 1), { dimensions: perm.map(axis => [x.shape[axis] ?? 1, strides[axis] ?? 4]), start: 0 }, stock);
});

export const slice = kernel<SliceInputs, SliceAttrs>(Slice, (heap, { x }, { begin, size }, stock) => {
  const [from, shape] = slice_util.parseSliceParams(x, begin, size) as [number[], number[]];
  slice_util.assertParamsValid(x, from, shape);
  return section(heap, x, shape, from, from.map(() => 1), stock);
});

export const stridedSlice = kernel<StridedSliceInputs, StridedSliceAttrs>(StridedSlice, (heap, { x }, { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask }, stock) => {
  const found = slice_util.sliceInfo(x.shape, begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask);
  const shape = slice_util.computeOutShape(found.begin, found.end, found.strides);
  const result = section(heap, x, shape, found.begin, found.strides, stock);
  return { ...result, shape: found.finalShape };
});

export const reverse = kernel<ReverseInputs, ReverseAttrs>(Reverse, (heap, { x }, { dims }, stock) => {
  const turned = util.parseAxisParam(dims, x.shape);
  const from = x.shape.map((size, axis) => turned.includes(axis) ? size - 1 : 0);
  return section(heap, x, x.shape, from, x.shape.map((_, axis) => turned.includes(axis) ? -1 : 1), stock);
});

/** Every `steps`-th element from `from` on. */
function section(heap: Heap, x: TensorInfo, shape: number[], from: readonly number[], steps: readonly number[], stock: () => TensorInfo): TensorInfo {
  const strides = byteStrides(x.shape);
  const start = strides.reduce((total, bytes, axis) => total + bytes * (from[axis] ?? 0), 0);
  return copy(heap, x, shape, { start, dimensions: strides.map((bytes, axis) => [shape[axis] ?? 1, bytes * (steps[axis] ?? 1)]) }, stock);
}

function copy(heap: Heap, x: TensorInfo, shape: number[], { dimensions, start }: Walk, stock: () => TensorInfo): TensorInfo {
  const size = util.sizeFromShape(shape);
  if (x.dtype === 'string') return stock();
  if (size === 0) return heap.output(shape, x.dtype);
  const runs = joined(dimensions);
  if (runs.every(([length, bytes]) => bytes === 4 || length === 1) && size === util.sizeFromShape(x.shape)) return heap.share(x, shape);
  if (x.dtype !== 'float32' && x.dtype !== 'int32') return stock();
  const out = heap.output(shape, x.dtype);
  heap.withIntegers(runs.flat(), address => { heap.kernels.stridedCopy(heap.address(x) + start, heap.address(out), address, runs.length); });
  return out;
}

/** Dimensions that stay neighbours are one, those of size one none; at least two. */
function joined(dimensions: Walk['dimensions']): (readonly [number, number])[] {
  const runs: (readonly [number, number])[] = [];
  for (const [size, bytes] of dimensions) {
    const outer = runs.at(-1);
    if (size === 1) continue;
    if (outer?.[1] === size * bytes) runs[runs.length - 1] = [outer[0] * size, bytes];
    else runs.push([size, bytes]);
  }
  while (runs.length < 2) runs.unshift([1, 0]);
  return runs;
}

function byteStrides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => 4 * util.sizeFromShape(shape.slice(axis + 1)));
}
