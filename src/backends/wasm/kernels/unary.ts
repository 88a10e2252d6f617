/** Functions of one float32 tensor that the stock backend computes one element at a time. */
import { ClipByValue, Erf, Exp, Rsqrt, Sqrt, Tanh, util, type ClipByValueAttrs, type UnaryInputs } from '@tensorflow/tfjs-core';
import { kernel } from '../kernel';

/** In the order of assembly/unary.ts. */
export const unaryKernels = [Exp, Tanh, Erf, Sqrt, Rsqrt].map((name, operation) => kernel<UnaryInputs, unknown>(name, (heap, { x }, _, stock) => {
  if (x.dtype !== 'float32') return stock();
  const out = heap.output(x.shape);
  heap.kernels.unary(operation, heap.address(x), heap.address(out), util.sizeFromShape(x.shape));
  return out;
}));

/** The stock kernel makes a number of what is none, and so hides where a run went wrong. */
export const clipByValue = kernel<UnaryInputs, ClipByValueAttrs>(ClipByValue, (heap, { x }, { clipValueMin, clipValueMax }, stock) => {
  if (x.dtype !== 'float32') return stock();
  const out = heap.output(x.shape);
  heap.kernels.clip(heap.address(x), heap.address(out), util.sizeFromShape(x.shape), clipValueMin, clipValueMax);
  return out;
});
