/**
 * The entries of largest magnitude of every block, of equal ones the lowest index, in ascending order of their index, as
 * operations of any backend. TensorFlow.js's TopK gives the lowest index to the first of equal numbers on every backend.
 */
import { abs, add, concat, fill, isNaN, range, reshape, scalar, slice, sub, tidy, topk, where, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import type { BlockLayout, BlockRun } from '../blockLayout';

/** x [d]; indices [k], int32, from the start of the vector. */
export function topKIndices(x: Tensor, { runs }: BlockLayout): Tensor {
  return tidy(() => {
    const sizes = abs(x as Tensor1D);
    // Sorting by a comparison with NaN is undefined on some backends; on the host, too, it counts as largest.
    const magnitudes = where<Tensor1D>(isNaN(sizes), fill(sizes.shape, Infinity), sizes);
    return concat(runs.flatMap(run => indicesOfRun(magnitudes, run)), 0);
  });
}

function indicesOfRun(magnitudes: Tensor1D, { start, length, blockSize, keptPerBlock, keptInLast }: BlockRun): Tensor1D[] {
  const whole = Math.ceil(length / blockSize) - 1;
  const last = length - whole * blockSize;
  const head = whole === 0 ? [] : [indicesOfBlocks(magnitudes, start, whole, blockSize, keptPerBlock)];
  return [...head, indicesOfBlocks(magnitudes, start + whole * blockSize, 1, last, keptInLast)];
}

function indicesOfBlocks(magnitudes: Tensor1D, start: number, blocks: number, size: number, kept: number): Tensor1D {
  if (kept === size) return range(start, start + blocks * size, 1, 'int32');
  const { indices } = topk(reshape(slice(magnitudes, start, blocks * size), [blocks, size]), kept, true);
  // Sorted upwards: the largest of what is left of the block's end.
  const end = scalar(size, 'int32');
  const ascending = sub(end, topk(sub(end, indices), kept, true).values);
  const starts = reshape(range(start, start + blocks * size, size, 'int32'), [blocks, 1]);
  return reshape(add(ascending, starts), [blocks * kept]);
}
