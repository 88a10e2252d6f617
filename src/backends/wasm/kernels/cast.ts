/**
 * Cast. To the type that a tensor has already it is another handle to its buffer: gradients ask for that at every product. To bool
 * whatever is not zero is true; the stock kernel keeps the lowest byte.
 */
import { Cast, type CastAttrs, type CastInputs } from '@tensorflow/tfjs-core';
import { kernel } from '../kernel';

export const cast = kernel<CastInputs, CastAttrs>(Cast, (heap, { x }, { dtype }, stock) => {
  if (x.dtype === dtype) return heap.share(x);
  if (dtype !== 'bool' || (x.dtype !== 'float32' && x.dtype !== 'int32')) return stock();
  const out = heap.output(x.shape, 'bool');
  const values = heap.view(x);
  heap.view(out).set(values.map(value => value === 0 ? 0 : 1));
  return out;
});
