import assert from 'node:assert/strict';
import fc from 'fast-check';
import { firstOf } from '../../../../src/protocol/snapshot/firstOf';

describe('snapshot: the first of many', () => {
  it('are those of the sorted whole, whatever order they come in', () => {
    const numbers = fc.uint8Array({ maxLength: 200 });
    fc.assert(fc.property(numbers, fc.nat({ max: 250 }), (sizes, most) => {
      const order = (one: number, other: number) => sizes[other]! - sizes[one]! || one - other;
      const places = Uint32Array.from(sizes.keys());
      for (const items of [places, places.toReversed(), places.toSorted(order), places.toSorted(order).reverse()]) assert.deepEqual(firstOf(items, most, order), [...places].sort(order).slice(0, most));
    }));
  });

  it('take hardly more comparisons than there are items, whatever order they come in', () => {
    const items = Uint32Array.from({ length: 20_000 }, (_, at) => at);
    for (const sign of [1, -1]) {
      let comparisons = 0;
      firstOf(items, 100, (one, other) => { comparisons++; return sign * (one - other); });
      assert.ok(comparisons < 2 * items.length, `${comparisons}`);
    }
  });
});
