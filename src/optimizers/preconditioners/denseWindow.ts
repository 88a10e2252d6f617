/** A window of whole gradients. Holds 4 m d bytes. */
import { denseCombination } from '../../kernels/denseCombination';
import { denseDots } from '../../kernels/denseDots';
import type { Window } from './window';

export type DenseRows = { readonly windowValues: Float32Array /* [m, d] */; readonly dimension: number };

export const denseWindow: Window<DenseRows> = {
  init: ({ dimension }, size) => ({ windowValues: new Float32Array(size * dimension), dimension }),
  write: ({ windowValues }, slot, { dense }) => windowValues.set(dense, slot * dense.length),
  read: ({ windowValues }, slot, vector) => vector.set(windowValues.subarray(slot * vector.length, (slot + 1) * vector.length)),
  dots: ({ windowValues }, { dense }, count, dots) => denseDots(windowValues, dense, count, dots),
  rowDots: ({ windowValues, dimension }, slot, count, dots) => denseDots(windowValues, windowValues.subarray(slot * dimension, (slot + 1) * dimension), count, dots),
  combine: ({ windowValues }, coefficients, count, vector) => denseCombination(windowValues, coefficients, count, vector),
  fits: () => true,
  remap: ({ windowValues }, { dimension }, size, slots) => {
    const remapped = new Float32Array(size * dimension);
    slots.forEach((slot, index) => remapped.set(windowValues.subarray(slot * dimension, (slot + 1) * dimension), index * dimension));
    return { windowValues: remapped, dimension };
  },
};
