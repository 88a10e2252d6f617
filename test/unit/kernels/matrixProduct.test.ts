import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { createProductScratch, gramOf, matrixOf, matrixProduct, transposed } from '../../../src/kernels/matrixProduct';
import { product, rowsOf, scaled, sum, transpose } from '../optimizers/plainMatrices';
import { normalVector, relativeDistance } from './randomVector';

const side = fc.integer({ min: 1, max: 40 });
const shape = fc.record({ rows: side, inner: side, columns: side, seed: fc.integer(), keep: fc.constantFrom(0, 1, -0.5), scale: fc.constantFrom(1, 0.25), turned: fc.boolean() });

describe('matrix product', () => {
  it('is keep C + scale A B in any orientation, from any start', () => {
    fc.assert(fc.property(shape, ({ rows, inner, columns, seed, keep, scale, turned }) => {
      const [a, b, c] = [normalVector(rows * inner, seed), normalVector(inner * columns, seed + 1), normalVector(rows * columns + 3, seed + 2)];
      const right = turned ? transposed(matrixOf(b, columns, inner)) : matrixOf(b, inner, columns);
      const expected = sum(scaled(product(rowsOf(a, inner), turned ? transpose(rowsOf(b, inner)) : rowsOf(b, columns)), scale), scaled(rowsOf(c.subarray(3), columns), keep));
      const result = Float64Array.from(c);
      matrixProduct(matrixOf(a, rows, inner), right, matrixOf(result, rows, columns, 3), createProductScratch(inner), scale, keep);
      assert.ok(relativeDistance(result.subarray(3), expected.flat()) < 1e-13);
      assert.deepEqual(result.subarray(0, 3), Float64Array.from(c.subarray(0, 3)));
    }));
  });

  it('may write over its left factor, from either side', () => {
    fc.assert(fc.property(shape, ({ rows, inner, seed }) => {
      const [x, square] = [normalVector(rows * inner, seed), normalVector(inner * inner, seed + 1)];
      const wanted = product(rowsOf(x, inner), rowsOf(square, inner));
      const [right, left] = [Float64Array.from(x), Float64Array.from(transpose(rowsOf(x, inner)).flat())];
      matrixProduct(matrixOf(right, rows, inner), matrixOf(square, inner, inner), matrixOf(right, rows, inner), createProductScratch(inner));
      assert.ok(relativeDistance(right, wanted.flat()) < 1e-13);
      const turned = transposed(matrixOf(left, inner, rows));
      matrixProduct(turned, matrixOf(square, inner, inner), turned, createProductScratch(inner));
      assert.ok(relativeDistance(left, transpose(wanted).flat()) < 1e-13);
    }));
  });

  it('of a matrix with itself is the whole gram, symmetric to the bit', () => {
    fc.assert(fc.property(shape, ({ rows, inner, seed, scale, turned }) => {
      const x = normalVector(rows * inner, seed);
      const [a, plain] = turned ? [transposed(matrixOf(x, inner, rows)), transpose(rowsOf(x, rows))] : [matrixOf(x, rows, inner), rowsOf(x, inner)];
      const gram = new Float32Array(rows * rows).fill(2);
      gramOf(a, matrixOf(gram, rows, rows), createProductScratch(inner), scale, 0.5);
      const expected = product(plain, transpose(plain)).map(row => row.map(value => 1 + scale * value));
      assert.ok(relativeDistance(gram, expected.flat()) < 1e-6);
      assert.deepEqual(gram, Float32Array.from(transpose(rowsOf(gram, rows)).flat()));
    }));
  });

  it('stays at the largest number of its type', () => {
    const result = new Float32Array(4);
    matrixProduct(matrixOf(Float32Array.of(3e38, -3e38), 2, 1), matrixOf(Float32Array.of(10, 2 ** -10), 1, 2), matrixOf(result, 2, 2), createProductScratch(1));
    assert.deepEqual([...result], [3.4028234663852886e38, Math.fround(3e38) / 1024, -3.4028234663852886e38, -Math.fround(3e38) / 1024]);
  });
});
