import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { orthonormalizeRows } from '../../../src/kernels/orthonormalRows';
import { product, rowsOf, transpose } from '../optimizers/plainMatrices';
import { normalVector } from './randomVector';

describe('orthonormal rows', () => {
  it('are orthonormal to rounding, and span row by row what they spanned, even where rows nearly depend', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 12 }), fc.integer(), fc.constantFrom(1, 1e-6, 1e-10), (n, seed, apart) => {
      const [noise, common] = [normalVector(n * n, seed), normalVector(n, seed + 1)];
      const rows = Float64Array.from(noise, (value, at) => 1e5 * (common[at % n]! + apart * value));
      const before = rowsOf(rows, n);
      orthonormalizeRows(rows, n);
      const after = rowsOf(rows, n);
      product(after, transpose(after)).forEach((row, at) => row.forEach((value, column) => assert.ok(Math.abs(value - (at === column ? 1 : 0)) < 1e-12)));
      // A row is a combination of the orthonormal rows up to it.
      product(before, transpose(after)).forEach((row, at) => row.forEach((value, column) => assert.ok(column <= at || Math.abs(value) < 1e-9 * 1e5)));
    }));
  });

  it('leave a row of zeros', () => {
    const rows = Float64Array.of(0, 0, 3, 4);
    orthonormalizeRows(rows, 2);
    assert.deepEqual([...rows], [0, 0, 0.6, 0.8]);
  });
});
