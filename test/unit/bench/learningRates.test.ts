import assert from 'node:assert/strict';
import fc from 'fast-check';
import { rung, tune } from '../../../src/bench/convergence/learningRates';

/** Losses that fall towards one best learning rate and rise beyond it. */
const bowl = (best: number, tried: number[] = []) => (learningRate: number) => {
  tried.push(learningRate);
  return Promise.resolve([0, 1, 2].map(noise => ({ loss: Math.abs(Math.log(learningRate / best)) + 0.001 * noise, curve: [] })));
};

describe('tuning the learning rate', () => {
  it('the ladder is 1, 3, 10, 30 and on, both ways', () => {
    assert.deepEqual([-5, -4, -3, -2, -1, 0, 1, 2, 3].map(rung), [3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10, 30]);
  });

  it('finds the best rung wherever it is, trying none twice and one to either side of it', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: -9, max: 8 }), async best => {
      const tried: number[] = [];
      const { best: found, trials, isAtEdge } = await tune(-4, 3, bowl(rung(best), tried));
      assert.equal(found.learningRate, rung(best));
      assert.equal(found.median, found.outcomes.map(({ loss }) => loss).sort((a, b) => a - b)[1]);
      assert.equal(isAtEdge, false);
      assert.equal(new Set(tried).size, tried.length);
      assert.deepEqual(trials.map(({ learningRate }) => learningRate), [...tried].sort((a, b) => a - b));
      assert.ok(tried.includes(rung(best - 1)) && tried.includes(rung(best + 1)));
    }));
  });

  it('gives up after some rungs where the best is out of reach, and says so', async () => {
    const { best, isAtEdge, trials } = await tune(0, 2, bowl(1e12));
    assert.deepEqual([best.learningRate, isAtEdge, trials.length], [rung(8), true, 9]);
  });

  it('a method that always diverges has a result too', async () => {
    const { best, isAtEdge } = await tune(0, 2, () => Promise.resolve([{ loss: Infinity, curve: [] }]));
    assert.equal(best.median, Infinity);
    assert.ok(isAtEdge);
  });
});
