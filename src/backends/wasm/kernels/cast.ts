/** Cast to the type that a tensor has already is another handle to its buffer: gradients ask for it at every product. */
import { Cast, type CastAttrs, type CastInputs } from '@tensorflow/tfjs-core';
import { kernel } from '../kernel';

export const cast = kernel<CastInputs, CastAttrs>(Cast, (heap, { x }, { dtype }, stock) => x.dtype === dtype ? heap.share(x) : stock());
