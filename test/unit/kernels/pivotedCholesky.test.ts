import assert from 'node:assert/strict';
import { outerProducts } from '../../../src/kernels/outerProducts';
import { pivotedCholesky, solveTransposed } from '../../../src/kernels/pivotedCholesky';
import { dot, normalVector, relativeDistance, uniform } from './randomVector';

const stride = 15;

/** The gram of rows, in the corner of a matrix with `stride` columns. */
function gramOf(rows: readonly ArrayLike<number>[]): Float64Array {
  const gram = new Float64Array(stride * stride);
  rows.forEach((row, index) => rows.forEach((other, column) => { gram[index * stride + column] = dot(row, other); }));
  return gram;
}

interface Factorised { readonly rank: number; readonly order: Uint32Array; readonly factor: Float64Array; readonly row: (index: number) => Float64Array }

function factorise(gram: Float64Array, n: number, weights = new Float64Array(n).fill(1)): Factorised {
  const [factor, order] = [new Float64Array(stride * stride).fill(Number.NaN), new Uint32Array(n)];
  const rank = pivotedCholesky(gram, stride, n, weights, 1e-13, factor, order, new Float64Array(n));
  return { rank, order, factor, row: index => factor.subarray(index * stride + n - rank, index * stride + n) };
}

describe('pivoted Cholesky', () => {
  for (const [n, rank] of [[1, 1], [2, 2], [15, 15], [12, 4], [9, 1]] as const) {
    it(`L L^T is the matrix: ${n} rows of rank ${rank}`, () => {
      const rows = Array.from({ length: n }, (_, index) => Float64Array.from(normalVector(rank, index + 1)));
      const { rank: found, order, row } = factorise(gramOf(rows), n);
      assert.equal(found, rank);
      assert.equal(new Set(order.subarray(0, rank)).size, rank);
      rows.forEach((one, index) => rows.forEach((other, column) => assert.ok(Math.abs(dot(row(index), row(column)) - dot(one, other)) < 1e-12)));
      order.subarray(0, rank).forEach((index, taken) => assert.ok(row(index).subarray(0, rank - 1 - taken).every(value => value === 0), 'triangular in the order of the pivots'));
    });
  }

  it('weighs rows and columns', () => {
    const rows = Array.from({ length: 8 }, (_, index) => Float64Array.from(normalVector(20, index + 1)));
    const weights = Float64Array.from({ length: 8 }, (_, index) => 0.5 ** index);
    const { rank, row } = factorise(gramOf(rows), 8, weights);
    assert.equal(rank, 8);
    rows.forEach((one, index) => rows.forEach((other, column) => assert.ok(Math.abs(dot(row(index), row(column)) / (weights[index]! * weights[column]!) - dot(one, other)) < 1e-11)));
  });

  it('takes equal rows and multiples once, at any scale', () => {
    for (const scale of [1e-90, 1e-30, 1, 1e37]) {
      const [one, other] = [Float64Array.from(normalVector(20, 1), value => scale * value), Float64Array.from(normalVector(20, 2), value => scale * value)];
      const { rank, row } = factorise(gramOf([one, other, one, one.map(value => -3 * value), other]), 5);
      assert.equal(rank, 2);
      assert.deepEqual(row(0), row(2));
      assert.ok(relativeDistance(row(3), row(0).map(value => -3 * value)) < 1e-12);
    }
  });

  it('does not let a large row hide small ones, nor a row of zeros count', () => {
    const small = [normalVector(20, 1), normalVector(20, 2), normalVector(20, 2)].map(row => Float64Array.from(row));
    const { rank, order, row } = factorise(gramOf([Float64Array.from(normalVector(20, 3, 1e30)), ...small, new Float64Array(20)]), 5);
    assert.equal(rank, 3);
    assert.equal(order[0], 0);
    small.forEach((one, index) => small.forEach((other, column) => assert.ok(Math.abs(dot(row(index + 1), row(column + 1)) - dot(one, other)) < 1e-12)));
    assert.ok(row(4).every(value => value === 0));
  });

  it('the zero matrix has rank 0', () => {
    assert.equal(factorise(new Float64Array(stride * stride), 7).rank, 0);
  });

  it('solves L_1^T x = y over the rows taken', () => {
    const rows = Array.from({ length: 10 }, (_, index) => Float64Array.from(normalVector(6, index % 7 + 1)));
    const { rank, order, factor, row } = factorise(gramOf(rows), 10);
    const y = Float64Array.from(normalVector(rank, 50));
    const x = y.slice();
    solveTransposed(factor, stride, 10, order, rank, x);
    const product = new Float64Array(rank);
    for (let pivot = 0; pivot < rank; pivot++) row(order[pivot]!).forEach((entry, at) => { product[at]! += entry * x[rank - 1 - pivot]!; });
    assert.ok(relativeDistance(product, y) < 1e-12);
  });
});

describe('sum of outer products', () => {
  it('is the sum over rows of their entries, in the lower triangle', () => {
    const next = uniform(4);
    const rows = Float64Array.from({ length: 9 * stride }, () => next());
    for (const [count, first, length] of [[0, 0, 3], [1, 2, 5], [4, 0, 1], [9, 3, 12], [7, 14, 1]] as const) {
      const result = new Float64Array(stride * stride).fill(5);
      outerProducts(rows, stride, count, first, length, result);
      for (let row = 0; row < length; row++) {
        for (let column = 0; column < length; column++) {
          let sum = 0;
          for (let index = 0; index < count; index++) sum += rows[index * stride + first + row]! * rows[index * stride + first + column]!;
          assert.ok(Math.abs(result[row * stride + column]! - (column <= row ? sum : 5)) < 1e-14);
        }
      }
    }
  });
});
