/** UnsortedSegmentSum, the gradient of every lookup in an embedding. The stock backend lacks it. Ids outside the segments are dropped. */
import { UnsortedSegmentSum, util, type UnsortedSegmentSumAttrs, type UnsortedSegmentSumInputs } from '@tensorflow/tfjs-core';
import { kernel } from '../kernel';

export const unsortedSegmentSum = kernel<UnsortedSegmentSumInputs, UnsortedSegmentSumAttrs>(UnsortedSegmentSum, (heap, { x, segmentIds }, { numSegments }, stock) => {
  if (x.dtype !== 'float32' && x.dtype !== 'int32') return stock();
  const out = heap.zeros([numSegments, ...x.shape.slice(1)], x.dtype);
  if (util.sizeFromShape(x.shape) === 0 || numSegments === 0) return out;
  const count = x.shape[0] ?? 1;
  const middle = util.sizeFromShape(segmentIds.shape) / count;
  const inner = util.sizeFromShape(x.shape) / count / middle;
  heap.kernels.segmentSum(heap.address(x), heap.address(segmentIds), heap.address(out), count, middle, inner, numSegments, x.dtype === 'int32');
  return out;
});
