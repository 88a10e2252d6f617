/** Whole gradients, row after row. */
import type { PlainRows } from './plainOptimizer';

export function plainDenseRows(size: number, dimension: number): PlainRows & { readonly values: Float32Array } {
  const values = new Float32Array(size * dimension); // [m, d]
  let last = 0;
  return {
    values,
    insert: (slot, gradient) => {
      values.set(gradient, slot * dimension);
      last = slot;
    },
    dots: (count, out) => {
      for (let row = 0; row < count; row++) {
        let sum = 0;
        for (let at = 0; at < dimension; at++) sum += (values[row * dimension + at] ?? 0) * (values[last * dimension + at] ?? 0);
        out[row] = sum;
      }
    },
    combine: (weights, count, out) => {
      out.fill(0);
      for (let row = 0; row < count; row++) {
        const weight = weights[row] ?? 0;
        for (let at = 0; at < dimension; at++) out[at] = (out[at] ?? 0) + weight * (values[row * dimension + at] ?? 0);
      }
    },
  };
}
