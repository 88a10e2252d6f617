import assert from 'node:assert/strict';
import { countNonFinite } from '../../../src/kernels/nonFinite';
import { normalVector } from './randomVector';

describe('countNonFinite', () => {
  it('counts NaN and both infinities, wherever they stand', () => {
    for (const length of [1, 2, 3, 4, 5, 7, 8, 1001]) {
      const vector = normalVector(length, 1);
      assert.equal(countNonFinite(vector), 0);
      for (const bad of [Number.NaN, Infinity, -Infinity]) {
        for (const at of [0, length >> 1, length - 1]) assert.equal(countNonFinite(vector.with(at, bad)), 1);
      }
      assert.equal(countNonFinite(vector.fill(Infinity)), length);
    }
  });

  it('accepts the largest and the smallest numbers of float32', () => {
    assert.equal(countNonFinite(Float32Array.of(3.4028234663852886e38, -3.4028234663852886e38, 1e-45, -0, 0)), 0);
  });
});
