import assert from 'node:assert/strict';
import { symmetricEigen } from '../../../src/kernels/symmetricEigen';
import { tridiagonalRootSolve } from '../../../src/kernels/tridiagonalRoot';
import { normalVector, relativeDistance, uniform } from './randomVector';

/** (T^1/2 + epsilon I)^-1 y by the integral. */
function solved(diagonal: Float64Array, beside: Float64Array, range: { epsilon: number; smallest: number; largest: number }, y: Float64Array): Float64Array {
  const n = diagonal.length;
  const x = new Float64Array(n);
  tridiagonalRootSolve(diagonal, beside, n, range, y, x, new Float64Array(n), new Float64Array(n));
  return x;
}

describe('root of a tridiagonal matrix', () => {
  for (const [smallest, largest] of [[1, 1], [1e-6, 1], [1e-3, 1e3], [1e-30, 1e30], [1e-45, 1e-40], [1e35, 1e38]] as const) {
    it(`of a diagonal is that of its entries, from ${smallest} to ${largest}, at any epsilon`, () => {
      const roots = Float64Array.from({ length: 31 }, (_, at) => smallest * (largest / smallest) ** (at / 30));
      for (const epsilon of [1e-30, 1e-8, 1e-5, 1, smallest, largest, 2 * largest]) {
        const x = solved(roots.map(root => root * root), new Float64Array(31), { epsilon, smallest, largest }, new Float64Array(31).fill(1));
        x.forEach((value, at) => assert.ok(Math.abs(value * (roots[at]! + epsilon) - 1) < 2e-14, `root ${roots[at]}, epsilon ${epsilon}: ${value * (roots[at]! + epsilon)}`));
      }
    });
  }

  it('loses no more than the factor by which the smallest root was overrated', () => {
    for (const overrated of [10, 1e3]) {
      const [x = 0] = solved(Float64Array.of(1e-4), Float64Array.of(0), { epsilon: 1e-8, smallest: 0.01 * overrated, largest: 1 }, Float64Array.of(1));
      assert.ok(Math.abs(x * (0.01 + 1e-8) - 1) < 1e-13 * overrated);
    }
  });

  it('is that of the eigenvalues', () => {
    const next = uniform(1);
    for (const n of [1, 2, 7, 40]) {
      const diagonal = Float64Array.from({ length: n }, () => 2 + next());
      const beside = Float64Array.from({ length: n }, (_, at) => at === 0 ? 0 : next());
      const vectors = new Float64Array(n * n);
      for (let at = 0; at < n; at++) {
        vectors[at * n + at] = diagonal[at]!;
        if (at > 0) vectors[at * n + at - 1] = beside[at]!;
      }
      const values = new Float64Array(n);
      symmetricEigen(vectors, n, values, new Float64Array(n));
      const y = Float64Array.from(normalVector(n, n));
      const along = values.map((value, column) => y.reduce((sum, entry, row) => sum + entry * vectors[row * n + column]!, 0) / (Math.sqrt(value) + 0.1));
      const expected = y.map((_, row) => along.reduce((sum, entry, column) => sum + entry * vectors[row * n + column]!, 0));
      assert.ok(relativeDistance(solved(diagonal, beside, { epsilon: 0.1, smallest: Math.sqrt(values[0]!), largest: Math.sqrt(values[n - 1]!) }, y), expected) < 1e-13);
    }
  });

  it('stays bounded where rounding has made the matrix indefinite', () => {
    const x = solved(Float64Array.of(1, 1), Float64Array.of(0, 1 + 1e-15), { epsilon: 1e-5, smallest: 1e-3, largest: 2 }, Float64Array.of(1, -1));
    assert.ok(x.every(value => Math.abs(value) < 1e6));
  });
});
