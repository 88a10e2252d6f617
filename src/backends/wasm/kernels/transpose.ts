/** Transpose in blocks; where no element moves, another handle to the same buffer. The stock kernel traps on tensors of no elements. */
import { Transpose, util, type TransposeAttrs, type TransposeInputs } from '@tensorflow/tfjs-core';
import { kernel } from '../kernel';

export const transpose = kernel<TransposeInputs, TransposeAttrs>(Transpose, (heap, { x }, { perm }, stock) => {
  const shape = perm.map(axis => x.shape[axis] ?? 1);
  const runs = runsOf(x.shape, perm);
  if (runs.length < 2) return heap.share(x, shape);
  if (util.sizeFromShape(shape) === 0) return heap.output(shape, x.dtype);
  if (x.dtype !== 'float32' && x.dtype !== 'int32') return stock();
  const out = heap.output(shape, x.dtype);
  heap.withIntegers(runs.flat(), dimensions => { heap.kernels.transpose(heap.address(x), heap.address(out), dimensions, runs.length); });
  return out;
});

/** {size, bytes that x moves} of every dimension of the output; those that stay neighbours are one, those of size one none. */
function runsOf(shape: readonly number[], perm: readonly number[]): [size: number, bytes: number][] {
  const strides = shape.map((_, axis) => 4 * util.sizeFromShape(shape.slice(axis + 1)));
  const runs: [number, number][] = [];
  for (const axis of perm) {
    const [size, bytes] = [shape[axis] ?? 1, strides[axis] ?? 4];
    const outer = runs.at(-1);
    if (size === 1) continue;
    if (outer?.[1] === size * bytes) runs[runs.length - 1] = [outer[0] * size, bytes];
    else runs.push([size, bytes]);
  }
  return runs;
}
