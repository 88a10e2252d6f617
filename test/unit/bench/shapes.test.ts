import assert from 'node:assert/strict';
import fc from 'fast-check';
import { problemShapes } from '../../../src/bench/optimizers/shapes';
import { parameterSpace } from '../../../src/settings/parameterSpace';

describe('shapes of a benched model', () => {
  it('make up exactly as many parameters as asked for, in matrices and vectors with names of their own', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 2e7 }), dimension => {
      const { dimension: total, tensors } = parameterSpace(problemShapes(dimension));
      assert.equal(total, dimension);
      assert.ok(tensors.every(({ length }) => length > 0));
      assert.equal(new Set(tensors.map(({ name }) => name)).size, tensors.length);
    }));
  });

  it('are nearly all in matrices at the sizes of the bench', () => {
    for (const dimension of [1e5, 1e6, 1e7]) {
      const inMatrices = parameterSpace(problemShapes(dimension)).tensors.filter(({ shape }) => shape.length === 2).reduce((sum, { length }) => sum + length, 0);
      assert.ok(inMatrices > 0.98 * dimension, `${inMatrices} of ${dimension}`);
    }
  });
});
