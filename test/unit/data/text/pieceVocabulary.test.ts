import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BytePairs } from '../../../../src/data/text/bytePairs/bytePairs';
import { wordCounts } from '../../../../src/data/text/bytePairs/bytePairsFor';
import { learnMerges } from '../../../../src/data/text/bytePairs/learnMerges';
import { mosesForm, spaced, type LineForm } from '../../../../src/data/text/lineForm';
import { vocabularyOf } from '../../../../src/data/text/pieceVocabulary';
import { readMessages } from '../../../../src/data/text/readMessages';
import { end, padding, unknown } from '../../../../src/data/text/text';
import { assets } from '../../../support/assets';

function learnt(lines: readonly string[], merges: number, form: LineForm) {
  return vocabularyOf(lines, new BytePairs(learnMerges(wordCounts(lines), merges)), form);
}

describe('data: vocabulary of pieces', () => {
  const someLines = fc.array(fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '@', '@@', '</w>', 'ß', '\u{1f600}'), minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 }).map(words => words.join(' ')), { minLength: 1, maxLength: 8 });

  it('gives back every line that it was made of, whatever the merges, in numbers below its size', () => {
    fc.assert(fc.property(someLines, fc.nat(30), (lines, merges) => {
      const vocabulary = learnt(lines, merges, spaced);
      assert.equal(vocabulary.size % 8, 0);
      for (const line of lines) {
        const tokens = vocabulary.encode(line);
        assert.ok(tokens.every(token => token > end && token < vocabulary.size));
        assert.equal(vocabulary.decode(tokens), line);
        assert.equal(vocabulary.decode([...tokens, end, 3, padding, padding]), line, 'up to the end');
        assert.equal(vocabulary.decode([padding, ...tokens, padding]), line, 'without padding');
      }
    }));
  });

  it('numbers the most frequent piece first, equally frequent ones by their code points', () => {
    const vocabulary = learnt(['b a a c', 'a c'], 0, spaced);
    assert.deepEqual([...vocabulary.encode('a c b')], [3, 4, 5]);
    assert.equal(vocabulary.size, 8);
  });

  it('has one number for all that it does not know', () => {
    const vocabulary = learnt(['ab ab'], 5, spaced);
    assert.deepEqual([...vocabulary.encode('ab xab zz')], [3, unknown, 3, unknown, unknown], 'of xab the end is known');
    assert.equal(vocabulary.decode([3, unknown, 3]), 'ab <unk> ab');
    assert.equal(vocabulary.decode([7]), '<unk>', 'a row that stands for nothing');
    assert.equal(vocabulary.decode([]), '');
  });

  for (const language of ['de', 'en'] as const) {
    it(`gives back real lines in lower case, as words and joined (${language})`, () => {
      const form = mosesForm(language);
      const lines = readMessages(assets).map(({ german, english }) => language === 'de' ? german : english);
      const words = lines.map(line => form.words(line));
      const vocabulary = learnt(words, 500, form);
      lines.forEach((line, place) => {
        const tokens = vocabulary.encode(line);
        assert.equal(vocabulary.words(tokens), words[place]);
        assert.equal(vocabulary.decode(tokens), form.line(words[place]!));
        assert.equal(vocabulary.decode(tokens).replace(/ /g, ''), line.toLowerCase().replace(/\s/g, ''));
      });
    });
  }
});
