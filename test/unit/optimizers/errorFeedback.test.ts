import assert from 'node:assert/strict';
import fc from 'fast-check';
import { topK } from '../../../src/optimizers/compressors/topK';
import { withErrorFeedback } from '../../../src/optimizers/errorFeedback';
import { withoutErrorFeedback } from '../../../src/optimizers/withoutErrorFeedback';
import { blocksOf } from '../../../src/settings/stateBytes';
import { norm, normalVector } from '../kernels/randomVector';

const dimension = 1000;
const largestFloat = 3.4028234663852886e38;

function feedback(density: number, blockSize: number | null) {
  const link = withErrorFeedback(topK({ density: () => density, blockSize }));
  const state = link.init(dimension);
  /** Feeds one gradient in; returns what comes out. */
  const feed = (gradient: Float32Array) => {
    const updates = { dense: gradient.slice(), kept: undefined };
    link.update(updates, state, [], 1);
    return updates.dense;
  };
  return { state, feed };
}

describe('error feedback', () => {
  for (const density of [0.001, 0.01, 0.1, 0.5, 1]) {
    for (const blockSize of [null, 64, 300]) {
      it(`density ${density}, blocks of ${blockSize ?? dimension}: nothing is lost, c is the largest, the residual contracts`, () => {
        const { state, feed } = feedback(density, blockSize);
        const sent = new Float64Array(dimension);
        const given = new Float64Array(dimension);
        for (let step = 1; step <= 40; step++) {
          const gradient = normalVector(dimension, step);
          const before = state.residual.slice();
          const sum = gradient.map((value, at) => value + before[at]!);
          const compressed = feed(gradient);
          gradient.forEach((value, at) => { given[at]! += value; sent[at]! += compressed[at]!; });
          for (const { start, length, kept } of blocksOf(dimension, density, blockSize)) {
            const [c, e, a] = [compressed, state.residual, sum].map(vector => vector.subarray(start, start + length)) as [Float32Array, Float32Array, Float32Array];
            const nonzero = c.filter(value => value !== 0);
            assert.ok(nonzero.length <= kept);
            assert.ok(Math.min(...nonzero.map(Math.abs)) >= Math.max(...e.map(Math.abs)));
            assert.ok(norm(e) ** 2 <= (1 - kept / length) * norm(a) ** 2 * (1 + 1e-6));
          }
        }
        const drift = given.map((value, at) => sent[at]! + state.residual[at]! - value);
        assert.ok(Math.max(...drift.map(Math.abs)) < 1e-4);
      });
    }
  }

  it('c + e = g + previous e, exactly in float32, for any numbers', () => {
    const finite = fc.float({ noNaN: true, noDefaultInfinity: true, min: Math.fround(-1e37), max: Math.fround(1e37) });
    fc.assert(fc.property(fc.array(fc.tuple(finite, finite), { minLength: 1, maxLength: 50 }), fc.double({ min: 0.01, max: 1, noNaN: true }), (pairs, density) => {
      const link = withErrorFeedback(topK({ density: () => density, blockSize: null }));
      const state = link.init(pairs.length);
      state.residual.set(pairs.map(([residual]) => residual));
      const updates = { dense: Float32Array.from(pairs, ([, gradient]) => gradient), kept: undefined };
      link.update(updates, state, [], 1);
      pairs.forEach(([residual, gradient], at) => {
        assert.equal(Math.fround(updates.dense[at]! + state.residual[at]!), Math.fround(residual + gradient) + 0);
        assert.ok(updates.dense[at] === 0 || state.residual[at] === 0);
      });
    }));
  });

  it('passes everything on at density 1 and keeps no residual', () => {
    const { state, feed } = feedback(1, 64);
    const gradient = normalVector(dimension, 5);
    assert.deepEqual(feed(gradient), gradient);
    assert.ok(state.residual.every(value => value === 0));
  });

  it('stays at the largest number of float32 where the sum would leave it', () => {
    const { state, feed } = feedback(0.001, null);
    const gradient = new Float32Array(dimension).fill(3e38);
    for (let step = 0; step < 3; step++) assert.equal(Math.max(...feed(gradient)), step === 0 ? Math.fround(3e38) : largestFloat);
    assert.equal(Math.max(...state.residual), largestFloat);
  });

  it('without it, what Top-K leaves out is lost', () => {
    const link = withoutErrorFeedback(topK({ density: () => 0.01, blockSize: null }));
    const state = link.init(dimension);
    for (const seed of [1, 2]) {
      const gradient = normalVector(dimension, seed);
      const threshold = gradient.map(Math.abs).sort().at(-10)!;
      const updates = { dense: gradient.slice(), kept: undefined };
      link.update(updates, state, [], 1);
      assert.deepEqual(updates.dense, gradient.map(value => Math.abs(value) >= threshold ? value : 0));
    }
  });
});
