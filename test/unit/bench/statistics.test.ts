import assert from 'node:assert/strict';
import fc from 'fast-check';
import { meansOf, median } from '../../../src/bench/statistics';

describe('statistics', () => {
  it('as many values lie below the median as above it', () => {
    fc.assert(fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1 }), values => {
      const middle = median(values);
      assert.ok(values.filter(value => value < middle).length <= values.length / 2);
      assert.ok(values.filter(value => value > middle).length <= values.length / 2);
    }));
  });

  it('a run that diverged counts as larger than every other', () => {
    assert.equal(median([Infinity, 2, Infinity]), Infinity);
    assert.equal(median([1, Infinity, 2]), 2);
    assert.equal(median([Infinity, Infinity]), Infinity);
    assert.equal(median([3, 1]), 2);
    assert.ok(Number.isNaN(median([])));
  });

  it('means of groups, the last one shorter', () => {
    assert.deepEqual(meansOf([1, 3, 10, 20, 7], 2), [2, 15, 7]);
    assert.deepEqual(meansOf([], 3), []);
  });
});
