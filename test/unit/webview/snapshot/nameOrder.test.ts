import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareNames } from '../../../../webview/snapshot/ranking/nameOrder';

const collator = new Intl.Collator('en', { numeric: true });
const names = fc.array(fc.constantFrom('a', 'b', 'conv', 'norm', '0', '1', '9', '10', '07'), { maxLength: 6 }).map(parts => parts.join(''));

describe('snapshot view: the order of names', () => {
  it('is by letters, and by the value of numbers', () => {
    const sorted = ['', '2', '10', 'block1/conv1', 'block1/conv1.27', 'block1/conv2', 'block1/conv10', 'block2/conv1', 'block10', 'norm'];
    assert.deepEqual(sorted.toReversed().sort(compareNames), sorted);
  });

  it('is that of a collator that knows numbers', () => {
    fc.assert(fc.property(names, names, (one, other) => {
      const expected = collator.compare(one, other);
      // Zeros in front of a number alone make no difference to a collator.
      if (expected !== 0) assert.equal(Math.sign(compareNames(one, other)), expected, `${one} ${other}`);
    }), { numRuns: 2000 });
  });

  it('is an order', () => {
    fc.assert(fc.property(names, names, names, (a, b, c) => {
      assert.equal(Math.sign(compareNames(a, b)), -Math.sign(compareNames(b, a)) + 0);
      assert.equal(compareNames(a, b) === 0, a === b);
      if (compareNames(a, b) <= 0 && compareNames(b, c) <= 0) assert.ok(compareNames(a, c) <= 0);
    }), { numRuns: 2000 });
  });
});
