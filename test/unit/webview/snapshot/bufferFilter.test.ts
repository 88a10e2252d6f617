import assert from 'node:assert/strict';
import fc from 'fast-check';
import { categories } from '../../../../src/protocol/samples';
import { peakOf } from '../../../../src/protocol/snapshot/peak';
import { wordsOf } from '../../../../src/protocol/snapshot/ranking';
import { buffersWith } from '../../../../webview/snapshot/ranking/bufferFilter';
import { labelOf } from '../../../../webview/snapshot/words';
import { randomSnapshots } from '../../../support/randomSnapshot';

describe('snapshot view: the filter', () => {
  it('finds the buffers that have all its words, each in any of their names', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'conv', 'Conv2D', 'add', '2x', 'grad', 'work', 'nowhere'), { maxLength: 4 }).map(words => ` ${words.join('  ')}`);
    fc.assert(fc.property(randomSnapshots(80), text, (snapshot, filter) => {
      const instant = peakOf(snapshot);
      const naive = [...instant.alive].filter(buffer => {
        const { layer, operation, source, shape } = wordsOf(snapshot, buffer);
        const names = [layer, operation, source, shape, labelOf(instant.category[buffer]!)].map(name => name.toLowerCase());
        return filter.toLowerCase().split(' ').every(word => names.some(name => name.includes(word)));
      });
      assert.deepEqual([...buffersWith(instant, snapshot.texts.map(each => each.toLowerCase()), filter)], naive);
    }));
  });

  it('takes any number of words', () => {
    fc.assert(fc.property(randomSnapshots(40), snapshot => {
      const instant = peakOf(snapshot);
      const texts = snapshot.texts.map(each => each.toLowerCase());
      for (const word of ['a', 'conv2d', categories[0]]) assert.deepEqual(buffersWith(instant, texts, `${word} `.repeat(70)), buffersWith(instant, texts, word));
    }), { numRuns: 30 });
  });
});
