import assert from 'node:assert/strict';
import { descendIn, isFiniteIn } from '../../../src/kernels/elementwise';
import { normalVector } from './randomVector';

describe('loops over vectors', () => {
  it('find the one entry that is not finite, wherever it stands, and only within the stretch', () => {
    for (const length of [1, 3, 4, 5, 17]) {
      for (let at = 0; at < length; at++) {
        for (const bad of [Number.NaN, Infinity, -Infinity]) {
          const vector = normalVector(length, 1, 1e38);
          assert.ok(isFiniteIn(vector, 0, length));
          vector[at] = bad;
          assert.equal(isFiniteIn(vector, 0, length), false);
          assert.ok(isFiniteIn(vector, 0, at) && isFiniteIn(vector, at + 1, length));
        }
      }
    }
  });

  it('descend: theta - rate (u + decay theta), and u becomes what was added', () => {
    const [vector, values] = [Float32Array.of(9, 9, 1, -2, 4), Float32Array.of(10, 20, 30)];
    descendIn(vector, 2, values, 0.5, 0.25, 1, 3);
    assert.deepEqual([...values], [10, 20 - 0.5 * (-2 + 5), 30 - 0.5 * (4 + 7.5)]);
    assert.deepEqual([...vector], [9, 9, 1, -1.5, -5.75]);
  });
});
