/**
 * Sum and Mean over any axes, without the transposition to the innermost axis that the stock kernels begin with. Of nothing both
 * are zero, as on the cpu backend; the stock kernels leave what was in the heap.
 */
import { Mean, Sum, backend_util, util, type MeanAttrs, type MeanInputs, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Heap } from '../heap';
import { kernel } from '../kernel';

interface Run {
  size: number;
  readonly isReduced: boolean;
}

export const sum = kernel<MeanInputs, MeanAttrs>(Sum, (heap, { x }, attributes, stock) => {
  const { shape, runs } = reduction(x, attributes);
  if (util.sizeFromShape(x.shape) === 0) return heap.zeros(shape, x.dtype);
  return x.dtype === 'float32' ? reduce(heap, x, shape, runs, false) : stock();
});

export const mean = kernel<MeanInputs, MeanAttrs>(Mean, (heap, { x }, attributes, stock) => {
  const { shape, runs } = reduction(x, attributes);
  if (util.sizeFromShape(x.shape) === 0) return heap.zeros(shape, 'float32');
  if (x.dtype !== 'float32') return stock();
  return reduce(heap, x, shape, runs, true);
});

/** The shape of the result, and the dimensions of x with neighbours of one kind put together. */
function reduction(x: TensorInfo, { axis, keepDims }: MeanAttrs): { shape: number[]; runs: Run[] } {
  const axes = util.parseAxisParam(axis, x.shape);
  const [shape] = backend_util.computeOutAndReduceShapes(x.shape, axes);
  const runs: Run[] = [];
  for (const [i, size] of x.shape.entries()) {
    if (size === 1) continue;
    const isReduced = axes.includes(i);
    const outer = runs.at(-1);
    if (outer?.isReduced === isReduced) outer.size *= size;
    else runs.push({ size, isReduced });
  }
  return { shape: keepDims ? backend_util.expandShapeToKeepDim(shape, axes) : shape, runs };
}

/** One run after the other, the innermost first. */
function reduce(heap: Heap, x: TensorInfo, shape: number[], runs: readonly Run[], isMean: boolean): TensorInfo {
  const innermost = runs.findLastIndex(({ isReduced }) => isReduced);
  if (innermost === -1) return heap.share(x, shape);
  const kept = runs.filter((_, i) => i !== innermost);
  const isLast = kept.every(({ isReduced }) => !isReduced);
  const size = (some: readonly Run[]) => some.reduce((product, run) => product * run.size, 1);
  const count = runs[innermost]?.size ?? 0;
  const out = heap.output(isLast ? shape : kept.map(run => run.size));
  heap.kernels.sum(heap.address(x), heap.address(out), size(runs.slice(0, innermost)), count, size(runs.slice(innermost + 1)), isMean ? count : 1);
  if (isLast) return out;
  const result = reduce(heap, out, shape, kept, isMean);
  heap.release(out);
  return result;
}
