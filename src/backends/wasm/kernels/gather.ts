/** GatherV2, row by row; the stock kernel computes the coordinates of every element. */
import { GatherV2, backend_util, util, type GatherV2Attrs, type GatherV2Inputs } from '@tensorflow/tfjs-core';
import { kernel } from '../kernel';

export const gatherV2 = kernel<GatherV2Inputs, GatherV2Attrs>(GatherV2, (heap, { x, indices }, { axis, batchDims }, stock) => {
  if ((x.dtype !== 'float32' && x.dtype !== 'int32') || indices.dtype !== 'int32') return stock();
  const parsedAxis = util.parseAxisParam(axis, x.shape)[0] ?? 0;
  const { batchSize, outerSize, dimSize, sliceSize, outputShape } = backend_util.segment_util.collectGatherOpShapeInfo(x, indices, parsedAxis, batchDims);
  const out = heap.output(outputShape, x.dtype);
  const count = util.sizeFromShape(indices.shape);
  if (count === 0 || batchSize === 0) return out;
  const ids = heap.address(indices);
  const wrong = heap.kernels.gather(heap.address(x), ids, heap.address(out), batchSize, outerSize, dimSize, count / batchSize, sliceSize);
  if (wrong < 0) return out;
  heap.release(out);
  throw new Error(`GatherV2: the index value ${heap.integerAt(ids + 4 * wrong)} is not in [0, ${dimSize - 1}]`);
});
