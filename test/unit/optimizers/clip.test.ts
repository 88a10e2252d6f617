import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { clip } from '../../../src/optimizers/clip';
import { createOptimizer } from '../../../src/optimizers/optimizer';
import { norm, normalVector, relativeDistance } from '../kernels/randomVector';
import { settingsOf } from './variants';

function clipped(vector: Float32Array, clipNorm: number | null, clipValue: number | null): Float32Array {
  const result = vector.slice();
  clip(result, { clipNorm, clipValue });
  return result;
}

describe('clipping', () => {
  it('by hand: first every entry, then the whole', () => {
    assert.deepEqual([...clipped(Float32Array.of(3, 4), 1, null)], [...Float32Array.of(0.6, 0.8)]);
    assert.deepEqual([...clipped(Float32Array.of(3, -4), null, 3.5)], [3, -3.5]);
    assert.deepEqual([...clipped(Float32Array.of(30, -4), 2.5, 3)], [...Float32Array.of(1.25 * Math.SQRT2, -1.25 * Math.SQRT2)]);
  });

  it('bounds what is too large, keeps its direction, and leaves what is within bounds alone, to the bit', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 40 }), fc.integer(), fc.integer({ min: -30, max: 30 }), fc.integer({ min: -6, max: 6 }), (length, seed, power, bound) => {
      const vector = normalVector(length, seed, 10 ** power);
      const result = clipped(vector, 10 ** bound, null);
      if (norm(vector) <= 10 ** bound) assert.deepEqual(result, vector);
      else {
        assert.ok(Math.abs(norm(result) / 10 ** bound - 1) < 1e-6);
        assert.ok(relativeDistance(result, vector.map(value => value / norm(vector) * 10 ** bound)) < 1e-5);
      }
      const byValue = clipped(vector, null, 10 ** bound);
      assert.deepEqual(byValue, vector.map(value => Math.sign(value) * Math.min(Math.abs(value), 10 ** bound)));
    }));
  });

  it('lengths beyond float32 are lengths all the same', () => {
    const huge = clipped(new Float32Array(1000).fill(3e38), 1, null);
    assert.ok(Math.abs(norm(huge) - 1) < 1e-5);
    const tiny = new Float32Array(10).fill(1e-45);
    assert.deepEqual(clipped(tiny, 1e-6, null), tiny);
  });

  it('null clips nothing, and zero stays zero', () => {
    const vector = normalVector(10, 1, 1e20);
    assert.deepEqual(clipped(vector, null, null), vector);
    assert.deepEqual(clipped(new Float32Array(3), 1, 1), new Float32Array(3));
  });
});

describe('clipping in an optimizer', () => {
  const parameters = () => [{ name: 'w', shape: [2], values: new Float32Array(2) }];
  const moved = (clipTarget: 'gradient' | 'update', clipNorm: number) => {
    const optimizer = createOptimizer(settingsOf({ optimizer: 'adamw', learningRate: 1, clipTarget, clipNorm }), parameters());
    const gradient = Float32Array.of(-30, -40);
    optimizer.update(gradient, parameters(), 1);
    return gradient;
  };

  it('bounds what goes in or what comes out, as asked', () => {
    // Adam's first update is the sign of the gradient, however short that is made.
    assert.ok(relativeDistance(moved('gradient', 1), [1, 1]) < 1e-6);
    assert.ok(relativeDistance(moved('update', 0.5), [0.5 * Math.SQRT1_2, 0.5 * Math.SQRT1_2]) < 1e-6);
  });

  it('can be turned on and off while a run goes on', () => {
    const optimizer = createOptimizer(settingsOf({ optimizer: 'sgd', learningRate: 1 }), parameters());
    const step = () => {
      const gradient = Float32Array.of(-3, -4);
      optimizer.update(gradient, parameters(), 1);
      return [...gradient];
    };
    assert.deepEqual(step(), [3, 4]);
    optimizer.change({ clipNorm: 2.5 });
    assert.deepEqual(step(), [1.5, 2]);
    optimizer.change({ clipNorm: null, clipValue: 1 });
    assert.deepEqual(step(), [1, 1]);
  });
});
