import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { BytePairs } from '../../../../src/data/text/bytePairs/bytePairs';
import { wordCounts } from '../../../../src/data/text/bytePairs/bytePairsFor';
import { readCodes } from '../../../../src/data/text/bytePairs/codesFile';
import { compareCodePoints } from '../../../../src/data/text/bytePairs/codePointOrder';
import { learnMerges, symbolsOf, withMerged, type Merge } from '../../../../src/data/text/bytePairs/learnMerges';
import { mosesForm } from '../../../../src/data/text/lineForm';
import { readMessages } from '../../../../src/data/text/readMessages';
import { assets } from '../../../support/assets';
import { askSubwordNmt, type BytePairAnswer } from '../../../support/askTextTools';
import { withFiles } from '../../../support/textFiles';

const known = JSON.parse(readFileSync('test/fixtures/subwordNmt.json', 'utf8')) as BytePairAnswer & { readonly lines: readonly string[] };

/** Few letters, so that words share pairs; some above U+FFFF, some that UTF-16 sorts elsewhere. */
const letters = fc.constantFrom('a', 'b', 'c', '\uffe1', '\u{1d4d0}');
const someWord = fc.array(letters, { minLength: 1, maxLength: 8 }).map(word => word.join(''));
const someCounts = fc.array(fc.tuple(someWord, fc.integer({ min: 1, max: 9 })), { maxLength: 25 }).map(words => new Map(words));

function cutLine(line: string, bytePairs: BytePairs): string {
  return line.split(' ').map(word => bytePairs.cut(word).map(piece => piece.replace(/ $/, '')).join('@@ ')).join(' ');
}

/** Counts everything anew for every merge. */
function plainMerges(counts: ReadonlyMap<string, number>, most: number): Merge[] {
  let words = [...counts].map(([word, count]) => ({ symbols: symbolsOf(word), count }));
  const merges: Merge[] = [];
  while (merges.length < most) {
    const pairs = new Map<string, { pair: [string, string]; count: number }>();
    for (const { symbols, count } of words) {
      symbols.slice(1).forEach((right, place) => {
        const pair: [string, string] = [symbols[place]!, right];
        const before = pairs.get(pair.join(' '))?.count ?? 0;
        pairs.set(pair.join(' '), { pair, count: before + count });
      });
    }
    const [best] = [...pairs.values()].sort((a, b) => b.count - a.count || compareCodePoints(b.pair[0], a.pair[0]) || compareCodePoints(b.pair[1], a.pair[1]));
    if (best === undefined || best.count < 2) break;
    const [left, right] = best.pair;
    merges.push([left, right]);
    words = words.map(({ symbols, count }) => ({ symbols: withMerged(symbols, left, right, left + right), count }));
  }
  return merges;
}

/** As subword-nmt writes them. */
function formatCodes(merges: readonly Merge[]): string {
  return ['#version: 0.2', ...merges.map(merge => merge.join(' '))].map(line => `${line}\n`).join('');
}

describe('data: byte pairs', () => {
  it(`are learnt and applied as subword-nmt ${known.version} does`, () => {
    const merges = learnMerges(wordCounts(known.lines), 400);
    assert.equal(formatCodes(merges), known.codes);
    const bytePairs = new BytePairs(merges);
    assert.deepEqual(known.lines.map(line => cutLine(line.trim().replace(/ +/g, ' '), bytePairs)), known.cut.map(line => line.trim().replace(/ +/g, ' ')));
  });

  it('are learnt from TypeScript\'s messages as subword-nmt learns them', function () {
    this.timeout(60_000);
    const lines = readMessages(assets).flatMap(({ german, english }) => [mosesForm('de').words(german), mosesForm('en').words(english)]);
    const asked = askSubwordNmt(lines, 3000);
    if ('missing' in asked) {
      console.log(`    not run: ${asked.missing}`);
      this.skip();
    }
    const merges = learnMerges(wordCounts(lines), 3000);
    assert.equal(formatCodes(merges), asked.codes);
    const bytePairs = new BytePairs(merges);
    lines.forEach((line, place) => { assert.equal(cutLine(line, bytePairs), asked.cut[place]); });
  });

  it('are those that counting everything anew for every merge finds', () => {
    fc.assert(fc.property(someCounts, fc.nat(30), (counts, most) => { assert.deepEqual(learnMerges(counts, most), plainMerges(counts, most)); }));
  });

  it('do not depend on the order of the words, and more of them begin with the same', () => {
    fc.assert(fc.property(someCounts, fc.nat(20), fc.nat(20), (counts, some, more) => {
      const merges = learnMerges(counts, some + more);
      assert.deepEqual(learnMerges(new Map([...counts].reverse()), some + more), merges);
      assert.deepEqual(learnMerges(counts, some), merges.slice(0, some));
    }));
  });

  it('cut a word into pieces that are the word again, no more of them for more merges', () => {
    fc.assert(fc.property(someCounts, someWord, fc.nat(20), (counts, word, some) => {
      const merges = learnMerges(counts, 40);
      const [few, many] = [new BytePairs(merges.slice(0, some)).cut(word), new BytePairs(merges).cut(word)];
      assert.equal(few.join(''), `${word} `);
      assert.equal(many.join(''), `${word} `);
      assert.ok(many.length <= few.length);
      assert.deepEqual(new BytePairs([]).cut(word), [...Array.from(word).slice(0, -1), `${Array.from(word).at(-1)!} `], 'characters without merges');
    }));
  });

  it('cut a word the same after more words than are remembered', () => {
    const bytePairs = new BytePairs(learnMerges(new Map([['low', 5], ['lower', 2]]), 10));
    const before = bytePairs.cut('lowest');
    for (let word = 0; word < 66_000; word++) bytePairs.cut(String(word));
    assert.deepEqual(bytePairs.cut('lowest'), before);
    assert.deepEqual(before, ['lo', 'we', 's', 't ']);
  });

  it('cut what has no spaces in it, however long', () => {
    const word = 'abcab'.repeat(40_000);
    const pieces = new BytePairs(learnMerges(new Map([['abcabcab', 9]]), 10)).cut(word);
    assert.equal(pieces.join(''), `${word} `);
    assert.ok(pieces.length < word.length / 1.5);
  });

  it('come back from a file as they went in', () => {
    fc.assert(fc.property(someCounts, counts => {
      const merges = learnMerges(counts, 40);
      withFiles({ codes: formatCodes(merges) }, folder => { assert.deepEqual(readCodes(path.join(folder, 'codes'), 'vocabularyFile'), merges); });
    }), { numRuns: 20 });
  });

  for (const [what, content, message] of [
    ['another kind of file', '[PAD]\n[UNK]\n', /codes:1: the line is "\[PAD\]", but a file of byte-pair merges begins with "#version: 0\.2"/],
    ['another version', '#version: 0.1\na b\n', /codes:1: .*"#version: 0\.1"/],
    ['one symbol in a line', '#version: 0.2\na b\nabc\n', /codes:3: the line is "abc", but a merge is two symbols/],
    ['three symbols in a line', '#version: 0.2\na b c\n', /codes:2: the line is "a b c"/],
    ['an empty line', '#version: 0.2\na b\n\nc d\n', /codes:3: the line is ""/],
    ['an empty file', '', /codes:1: the line is ""/],
  ] as const) {
    it(`refuse ${what} with file and line`, () => {
      withFiles({ codes: content }, folder => { assert.throws(() => readCodes(path.join(folder, 'codes'), 'vocabularyFile'), message); });
    });
  }
});
