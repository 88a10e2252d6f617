/** Single rows of a window, and entries by their index, as operations of any backend. */
import { concat, gather, reshape, scatterND, tidy, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { rowsOf } from './windowRows';

/** `rows` [m, n] with row `slot` replaced by row `from` of `source`: a copy, for a backend's tensors cannot be written. */
export function copyRow({ rows, source }: Readonly<Record<'rows' | 'source', Tensor>>, { slot, from }: { slot: number; from: number }): Tensor {
  return tidy(() => {
    const [count = 1] = rows.shape;
    const parts = [rowsOf(source, from, 1)];
    if (slot > 0) parts.unshift(rowsOf(rows, 0, slot));
    if (slot + 1 < count) parts.push(rowsOf(rows, slot + 1, count - slot - 1));
    return concat(parts, 0);
  });
}

/** x [d] at indices [k]; [k]. */
export function takeEntries({ x, indices }: Readonly<Record<'x' | 'indices', Tensor>>): Tensor {
  return gather(x, indices as Tensor1D);
}

/** values [k] at indices [k] of a vector that is zero elsewhere; [d]. */
export function expandRow({ values, indices }: Readonly<Record<'values' | 'indices', Tensor>>, { dimension }: { dimension: number }): Tensor {
  return tidy(() => scatterND(reshape(indices, [indices.size, 1]), values, [dimension]));
}
