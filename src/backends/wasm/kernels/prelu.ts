/** Prelu with any slope that broadcasts; the stock kernel takes every slope for one number a last dimension. */
import { Less, Multiply, Prelu, Select, tidy, util, type PreluInputs } from '@tensorflow/tfjs-core';
import { kernel } from '../kernel';
import { run } from './engineKernels';

export const prelu = kernel<PreluInputs, unknown>(Prelu, (heap, { x, alpha }, _, stock) => {
  // The stock kernel divides by the size of the slope, and traps.
  if (util.sizeFromShape(x.shape) === 0) return heap.output(x.shape, x.dtype);
  const size = util.sizeFromShape(alpha.shape);
  if (size === 1 || (size === alpha.shape.at(-1) && size === x.shape.at(-1)) || x.dtype !== 'float32' || alpha.dtype !== 'float32') return stock();
  return tidy(() => {
    const zero = heap.zeros([], 'float32');
    const condition = run(Less, { a: x, b: zero });
    heap.release(zero);
    return run(Select, { condition, t: run(Multiply, { a: x, b: alpha }), e: x });
  });
});
