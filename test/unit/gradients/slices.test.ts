import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cutIntoSlices, joinEvaluations, longestSlice } from '../../../src/gradients/slices';

describe('gradients: slices of a batch', () => {
  it('hold every example once, in order, as evenly as it goes, however many workers there are', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 9000 }), fc.integer({ min: 1, max: 16 }), (examples, workers) => {
      const slices = cutIntoSlices(examples, workers);
      assert.equal(slices.length, Math.min(examples, workers));
      assert.deepEqual([slices[0]?.from, slices.at(-1)?.to], [0, examples]);
      slices.slice(1).forEach(({ from }, index) => { assert.equal(from, slices[index]?.to); });
      const lengths = slices.map(({ from, to }) => to - from);
      assert.ok(Math.max(...lengths) - Math.min(...lengths) <= 1);
      assert.ok(Math.min(...lengths) >= 1);
      assert.equal(Math.max(...lengths), longestSlice(examples, workers));
      slices.forEach(({ weight }, index) => { assert.equal(weight, lengths[index]! / examples); });
    }));
  });

  it('weigh the loss by their examples, and add up the hits', () => {
    const joined = joinEvaluations(cutIntoSlices(5, 2), [{ loss: 1, correct: 2 }, { loss: 2, correct: 1 }]);
    assert.deepEqual(joined, { loss: 2 / 5 * 1 + 3 / 5 * 2, correct: 3 });
  });

  it('a loss that is no finite number makes that of the batch none', () => {
    for (const loss of [NaN, Infinity]) assert.ok(!Number.isFinite(joinEvaluations(cutIntoSlices(4, 2), [{ loss: 1, correct: 0 }, { loss, correct: 0 }]).loss));
  });
});
