import assert from 'node:assert/strict';
import { factorizeDamped, invertFactor } from '../../../src/kernels/cholesky';
import { dot, normalVector } from './randomVector';

/** G G^T of `size` random rows, in the corner of a matrix with `stride` columns. */
function gramOf(size: number, dimension: number, stride: number): Float64Array {
  const rows = Array.from({ length: size }, (_, row) => normalVector(dimension, row + 1));
  const gram = new Float64Array(stride * stride);
  rows.forEach((row, index) => rows.forEach((other, column) => { gram[index * stride + column] = dot(row, other); }));
  return gram;
}

describe('Cholesky', () => {
  for (const [size, dimension, damping] of [[1, 3, 0.1], [2, 5, 1e-3], [7, 30, 1e-6], [33, 100, 1e-3], [20, 5, 0.01]] as const) {
    it(`inverts ${size} equations of rank ${Math.min(size, dimension)} with damping ${damping}`, () => {
      const stride = size + 3;
      const gram = gramOf(size, dimension, stride);
      const inverse = new Float64Array(stride * stride);
      assert.ok(factorizeDamped(gram, stride, size, new Float64Array(size).fill(damping), inverse));
      invertFactor(inverse, stride, size, new Float64Array(size));
      for (let unit = 0; unit < size; unit++) {
        const solution = inverse.subarray(unit * stride, unit * stride + size);
        for (let row = 0; row < size; row++) {
          const product = dot(gram.subarray(row * stride, row * stride + size), solution) + damping * solution[row]!;
          assert.ok(Math.abs(product - (row === unit ? 1 : 0)) < 1e-8, `equation ${row}: ${product}`);
        }
      }
    });
  }

  it('refuses when rounding has lost what was added', () => {
    const equalRows = Float64Array.of(1e20, 1e20, 1e20, 1e20);
    assert.equal(factorizeDamped(equalRows, 2, 2, Float64Array.of(100, 100), new Float64Array(4)), false);
    assert.equal(factorizeDamped(equalRows, 2, 2, Float64Array.of(1e8, 1e8), new Float64Array(4)), true);
  });

  it('refuses a matrix that is not positive definite, or not finite', () => {
    assert.equal(factorizeDamped(Float64Array.of(1, 2, 2, 1), 2, 2, Float64Array.of(0.1, 0.1), new Float64Array(4)), false);
    assert.equal(factorizeDamped(Float64Array.of(Number.NaN), 1, 1, Float64Array.of(0.1), new Float64Array(1)), false);
  });
});
