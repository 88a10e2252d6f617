import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareNames } from '../../../../webview/snapshot/ranking/nameOrder';
import { TextOrder } from '../../../../webview/snapshot/ranking/textOrder';

const texts = fc.uniqueArray(fc.array(fc.constantFrom('a', 'B', 'conv', '1', '10', '9', '/'), { maxLength: 5 }).map(parts => parts.join('')), { maxLength: 40 });

describe('snapshot view: texts in the order of names', () => {
  it('have the places of a sort, however much was done before they are asked for', () => {
    fc.assert(fc.property(texts, fc.nat({ max: 60 }), (names, before) => {
      const order = new TextOrder(names);
      for (let turn = 0; turn < before; turn++) order.advance();
      const lower = names.map(name => name.toLowerCase());
      const sorted = [...lower.keys()].sort((one, other) => compareNames(lower[one]!, lower[other]!) || one - other);
      assert.deepEqual([...order.places], sorted.reduce<number[]>((places, text, place) => { places[text] = place; return places; }, []));
      assert.equal(order.advance(), false);
    }));
  });
});
