import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { createProductScratch, matrixOf } from '../../../src/kernels/matrixProduct';
import { newtonSchulz } from '../../../src/kernels/newtonSchulz';
import { jacobi, product, rowsOf, transpose } from '../optimizers/plainMatrices';
import { norm, normalVector, relativeDistance } from './randomVector';

function orthogonalized(values: Float32Array, rows: number, columns: number): Float32Array {
  const [result, side] = [values.slice(), Math.min(rows, columns)];
  newtonSchulz(matrixOf(result, rows, columns), { square: new Float32Array(side * side), polynomial: new Float32Array(side * side), product: createProductScratch(Math.max(rows, columns)) });
  return result;
}

const shape = fc.record({ rows: fc.integer({ min: 1, max: 12 }), columns: fc.integer({ min: 1, max: 12 }), seed: fc.integer() });
const unit = (length: number, seed: number) => {
  const vector = normalVector(length, seed);
  return vector.map(value => value / norm(vector));
};

describe('Newton-Schulz', () => {
  it('brings singular values of 0.01 and more into [0.68, 1.14], and keeps the singular vectors', () => {
    fc.assert(fc.property(shape, ({ rows, columns, seed }) => {
      const matrix = rowsOf(unit(rows * columns, seed), columns);
      const tall = rows >= columns ? matrix : transpose(matrix);
      const { values, vectors } = jacobi(product(transpose(tall), tall));
      fc.pre(values.every(value => value >= 1e-4));
      const result = rowsOf(orthogonalized(Float32Array.from(matrix.flat()), rows, columns), columns);
      const after = rows >= columns ? result : transpose(result);
      const squares = product(transpose(vectors), transpose(after), after, vectors);
      squares.forEach((row, at) => row.forEach((value, column) => {
        if (at === column) assert.ok(value > 0.68 ** 2 && value < 1.14 ** 2, String(Math.sqrt(value)));
        else assert.ok(Math.abs(value) < 1e-4, String(value));
      }));
    }));
  });

  it('of the transpose is the transpose', () => {
    fc.assert(fc.property(shape, ({ rows, columns, seed }) => {
      const values = unit(rows * columns, seed);
      const turned = orthogonalized(Float32Array.from(transpose(rowsOf(values, columns)).flat()), columns, rows);
      assert.ok(relativeDistance(turned, transpose(rowsOf(orthogonalized(values, rows, columns), columns)).flat()) < 1e-4);
    }));
  });

  it('of one number is the polynomial, five times over', () => {
    // By hand: 1 -> 0.701 -> 1.1136 -> ... with 3.4445 x - 4.775 x^3 + 2.0315 x^5.
    let x = 1;
    const passed: number[] = [];
    for (let step = 0; step < 5; step++) passed.push(x = 3.4445 * x - 4.775 * x ** 3 + 2.0315 * x ** 5);
    assert.ok(Math.abs(passed[0]! - 0.701) < 1e-12);
    assert.ok(Math.abs(passed[1]! - 1.1136) < 1e-4);
    assert.ok(Math.abs(orthogonalized(Float32Array.of(-1), 1, 1)[0]! + x) < 1e-5);
  });

  it('leaves zero alone', () => {
    assert.deepEqual(orthogonalized(new Float32Array(6), 2, 3), new Float32Array(6));
  });
});
