/** The rows of a window, each divided by its power of two, a few rows at a time so that what is computed on the way stays small. */
import { add, div, gather, maximum, reshape, scatterND, slice, tidy, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';

/** Entries that are worked on at once: 16 MiB each of the several tensors that hold them. */
const entriesAtOnce = 2 ** 22;
const smallestPower = 2 ** -126;

/** Calls `visit` for stretches of rows [first, first + count). */
export function forRows(count: number, width: number, visit: (first: number, count: number) => void): void {
  const atOnce = Math.max(1, Math.floor(entriesAtOnce / Math.max(1, width)));
  for (let first = 0; first < count; first += atOnce) visit(first, Math.min(atOnce, count - first));
}

/** x / power, which may be 0 where all of x is. */
export function dividedBy(x: Tensor, power: Tensor): Tensor {
  return div(x, maximum(power, smallestPower));
}

/** Rows [first, first + count) of values [m, n] over their powers [m, 1]. */
export function normalizedRows(values: Tensor, powers: Tensor, first: number, count: number): Tensor2D {
  return dividedBy(rowsOf(values, first, count), rowsOf(powers, first, count)) as Tensor2D;
}

export function rowsOf(x: Tensor, first: number, count: number): Tensor2D {
  return slice(x as Tensor2D, [first, 0], [count, x.shape[1] ?? 1]);
}

/** The entries of `vector` [d] at the indices [count, k] of some rows. */
export function entriesAt(vector: Tensor, indices: Tensor2D): Tensor2D {
  return tidy(() => reshape(gather(vector as Tensor1D, reshape(indices, [indices.size])), indices.shape));
}

/** Rows in full, [count, dimension], from their entries [count, k]. */
export function expanded(entries: Tensor2D, indices: Tensor2D, dimension: number, offsets: Tensor2D): Tensor2D {
  return tidy(() => {
    const count = entries.shape[0];
    const places = reshape(add(indices, offsets), [entries.size, 1]);
    return reshape(scatterND(places, reshape(entries, [entries.size]), [count * dimension]), [count, dimension]);
  });
}
