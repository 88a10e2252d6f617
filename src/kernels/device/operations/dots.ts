/**
 * Dot products of the rows of a window with one vector, all divided by their powers of two, as operations of any backend:
 * exact products, folded in pairs to at most 32 partial sums and their errors (see exactSums.ts), for the host to add up.
 */
import { concat, reshape, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { foldMiddle, twoProduct } from './exactSums';
import { dividedBy, entriesAt, forRows, normalizedRows, rowsOf } from './windowRows';

const partialSums = 32;

/** values, indices [m, k], powers [m, 1], dense [d], power [1]; [count, parts]. */
export function sparseDots({ values, indices, powers, dense, power }: Readonly<Record<'values' | 'indices' | 'powers' | 'dense' | 'power', Tensor>>, count: number): Tensor {
  return dots(values, powers, count, first => rows => entriesAt(dividedBy(dense, power), rowsOf(indices, first, rows)));
}

/** values [m, d], powers [m, 1], dense [d], power [1]; [count, parts]. */
export function denseDots({ values, powers, dense, power }: Readonly<Record<'values' | 'powers' | 'dense' | 'power', Tensor>>, count: number): Tensor {
  return dots(values, powers, count, () => () => reshape(dividedBy(dense, power), [1, dense.size]));
}

function dots(values: Tensor, powers: Tensor, count: number, factors: (first: number) => (rows: number) => Tensor): Tensor {
  return tidy(() => {
    const parts: Tensor[] = [];
    const width = values.shape[1] ?? 1;
    forRows(count, width, (first, rows) => {
      parts.push(tidy(() => {
        const { sum, error } = twoProduct(normalizedRows(values, powers, first, rows), factors(first)(rows));
        const folded = foldMiddle({ sum: reshape(sum, [rows, width, 1]), error: reshape(error, [rows, width, 1]) }, partialSums);
        const left = folded.sum.shape[1] ?? 1;
        return concat([reshape(folded.sum, [rows, left]), reshape(folded.error, [rows, left])], 1);
      }));
    });
    return concat(parts, 0);
  });
}
