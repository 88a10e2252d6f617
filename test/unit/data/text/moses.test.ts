import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { detokenize } from '../../../../src/data/text/moses/detokenize';
import { escapeMarks, unescapeMarks } from '../../../../src/data/text/moses/escapes';
import { tokenize } from '../../../../src/data/text/moses/tokenize';
import { readMessages } from '../../../../src/data/text/readMessages';
import { assets } from '../../../support/assets';
import { askSacremoses } from '../../../support/askTextTools';

type Case = readonly [line: string, words: string, joined: string];
const known = JSON.parse(readFileSync('test/fixtures/sacremoses.json', 'utf8')) as { readonly version: string; readonly de: readonly Case[]; readonly en: readonly Case[] };
const languages = ['de', 'en'] as const;

/** Moses cuts the full stop off a last word, whatever it is; sacremoses keeps it with an abbreviation. */
function withLastStopApart(words: string): string {
  return words.replace(/(?<=[^ .])\.$/u, ' .');
}

describe('data: Moses\' words', () => {
  for (const language of languages) {
    it(`are those of sacremoses ${known.version} (${language})`, () => {
      for (const [line, words] of known[language]) assert.equal(tokenize(line, language), withLastStopApart(words), line);
    });

    it(`are joined as sacremoses joins them (${language})`, () => {
      for (const [, words, joined] of known[language]) assert.equal(detokenize(words, language), joined);
    });

    it(`are sacremoses' for every message of TypeScript (${language})`, function () {
      this.timeout(60_000);
      const lines = readMessages(assets).map(({ german, english }) => language === 'de' ? german : english);
      const asked = askSacremoses(lines, language);
      if ('missing' in asked) {
        console.log(`    not run: ${asked.missing}`);
        this.skip();
      }
      lines.forEach((line, place) => {
        assert.equal(tokenize(line, language), withLastStopApart(asked.words[place]!));
        assert.equal(detokenize(asked.words[place]!, language), asked.lines[place]);
      });
    });
  }

  for (const [line, words] of [
    ['He met Mr. Jones and Mr. T.', 'He met Mr. Jones and Mr. T .'],
    ['Art. 5 of it, art. but Art. Five', 'Art. 5 of it , art. but Art . Five'],
    ['so it ended.\'', 'so it ended . &apos;'],
    ['the end.. ', 'the end ..'],
    ['.', '.'],
    ['', ''],
    [' \t\u00a0 ', ''],
  ] as const) {
    it(`of ${JSON.stringify(line)} have their full stops where they belong`, () => { assert.equal(tokenize(line, 'en'), words); });
  }

  it('keep every character of a line but spaces and control characters', () => {
    const bare = (line: string) => line.replace(/[\p{White_Space}\u0000-\u001f]/gu, '');
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom(...languages), (line, language) => {
      const words = tokenize(line, language);
      assert.equal(bare(unescapeMarks(words)), bare(line));
      assert.equal(bare(detokenize(words, language)), bare(line));
      assert.doesNotMatch(words, /^ | $| {2}|[|<>'"[\]]/);
    }));
  });

  it('escape marks so that they come back', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('&', '#', 'amp;', '91;', '[', '|', '<', '"', '\'', 'x') }), text => { assert.equal(unescapeMarks(escapeMarks(text)), text); }));
  });
});
