import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { corpusBleu, smoothings } from '../../../src/evaluation/bleu';
import { tokenizations, wordsOf } from '../../../src/evaluation/tokenization';
import { askSacrebleu, type BleuAnswer, type BleuCase } from '../../support/askSacrebleu';

/** What the test script computed once; where Python has sacrebleu the last test computes it again. */
const known = JSON.parse(readFileSync('test/fixtures/sacrebleu.json', 'utf8')) as { readonly version: string; readonly cases: readonly (BleuCase & { readonly answer: BleuAnswer })[] };

/** Real lines, with symbols, quotes, numbers and placeholders in them. */
function messages(): string[] {
  return Object.values(JSON.parse(readFileSync('node_modules/typescript/lib/de/diagnosticMessages.generated.json', 'utf8')) as Record<string, string>);
}

const seasoning = ['3,5', '-', '1-2', 'x-\ny', '&quot;a&amp;b&lt;', '<skipped>', 'U.S.A.', '10,000.5', '\u00a0', 'a\u2003b', '\u001c', '\ufeff', '"so,"', '(…)', '/usr/bin', '😀.', '', '  ', "l'été", '5-', '.5', '$#@', '..', ',.', 'x\u200bx', '\r\n', '6,-7'];

/** Segments whose hypothesis is the reference with words left out, doubled, exchanged or seasoned. */
function randomCases(count: number): BleuCase[] {
  const generator = xoroshiro128plus(20);
  const lines = messages();
  const below = (most: number) => uniformInt(generator, 0, most - 1);
  const one = <T>(of: readonly T[]) => of[below(of.length)] as T;
  const edited = (line: string, percent: number) => line.split(' ').flatMap(word => {
    if (below(100) >= percent) return [word];
    return [[], [word, word], [one(one(lines).split(' '))], [word, one(seasoning)], [word.toUpperCase()]][below(5)] as string[];
  }).join(one([' ', ' ', '  ']));
  return Array.from({ length: count }, () => {
    const originals = Array.from({ length: 1 + below(6) }, () => one(lines));
    const percent = one([0, 5, 20, 60, 100]);
    return {
      hypotheses: originals.map(line => edited(line, percent)), tokenization: one(tokenizations), smoothing: one(smoothings),
      references: Array.from({ length: 1 + below(3) }, (_, place) => originals.map(line => edited(line, place === 0 ? 5 : 40))),
    };
  });
}

function compare({ hypotheses, references, ...settings }: BleuCase, answer: BleuAnswer): void {
  const { score, precisions, brevityPenalty, words, referenceWords } = corpusBleu(hypotheses, references, settings);
  const what = JSON.stringify({ hypotheses, references, ...settings });
  assert.deepEqual([words, referenceWords], [answer.words, answer.referenceWords], what);
  assert.ok(Math.abs(score - answer.score) < 1e-9, `${score}, sacrebleu says ${answer.score}: ${what}`);
  assert.ok(Math.abs(brevityPenalty - answer.brevityPenalty) < 1e-12, what);
  precisions.forEach((precision, place) => { assert.ok(Math.abs(precision - answer.precisions[place]!) < 1e-9, what); });
}

describe('evaluation: BLEU', () => {
  it('is what the formula says, worked out by hand', () => {
    const perfect = corpusBleu(['the cat sat on the mat'], [['the cat sat on the mat']]);
    assert.ok(Math.abs(perfect.score - 100) < 1e-9);
    assert.deepEqual([perfect.matches, perfect.totals], [[6, 5, 4, 3], [6, 5, 4, 3]]);
    const short = corpusBleu(['the the cat sat on'], [['the cat sat on the mat there']]);
    assert.deepEqual([short.matches, short.totals, short.words, short.referenceWords], [[5, 3, 2, 1], [5, 4, 3, 2], 5, 7]);
    assert.ok(Math.abs(short.score - 100 * Math.exp(1 - 7 / 5) * (1 * 3 / 4 * 2 / 3 * 1 / 2) ** 0.25) < 1e-9);
  });

  it('clips every n-gram at the reference that has it most often', () => {
    assert.deepEqual(corpusBleu(['a a a a'], [['a b c d'], ['a a e f']]).matches, [2, 1, 0, 0]);
  });

  it('takes the closest reference length, and of two as close the shorter', () => {
    assert.equal(corpusBleu(['a b c d'], [['a b c d e f'], ['a b'], ['a b c d e f g']]).referenceWords, 2);
  });

  it('does not depend on how segments are cut where no n-gram crosses a cut', () => {
    const [whole, cut] = [corpusBleu(['a b c d', 'e f g h'], [['a b c x', 'e f g h']]), corpusBleu(['e f g h', 'a b c d'], [['e f g h', 'a b c x']])];
    assert.deepEqual(whole, cut);
  });

  const words: readonly (readonly [line: string, words: readonly string[]])[] = [
    ['Hello, world!', ['Hello', ',', 'world', '!']],
    ['1,000.5 is 3.', ['1,000.5', 'is', '3', '.']],
    ['well-known 5-fold 5-', ['well-known', '5', '-', 'fold', '5', '-']],
    ['&quot;so&quot; &amp;lt; don\'t', ['"', 'so', '"', '<', 'don\'t']],
    ['a<skipped>b broken-\nline', ['ab', 'brokenline']],
    ['.5 a.b', ['.', '5', 'a', '.', 'b']],
  ];
  for (const [line, expected] of words) it(`13a cuts ${JSON.stringify(line)}`, () => { assert.deepEqual(wordsOf(line, '13a'), expected); });

  it('is 0 without a match, and where every hypothesis is empty', () => {
    assert.equal(corpusBleu(['a b c d'], [['e f g h']]).score, 0);
    const empty = corpusBleu(['', ''], [['a', 'b']]);
    assert.deepEqual([empty.score, empty.brevityPenalty], [0, 0]);
  });

  it('refuses numbers of lines that differ, and nothing', () => {
    assert.throws(() => corpusBleu(['a', 'b'], [['a', 'b'], ['a']]), /There are 2 translated lines, but reference 2 has 1\. Give one line for each\./);
    assert.throws(() => corpusBleu([], [[]]), /BLEU of 0 lines/);
    assert.throws(() => corpusBleu(['a'], []), /with 0 references/);
  });

  it('gives sacrebleu\'s known answers', () => {
    for (const { answer, ...known1 } of known.cases) compare(known1, answer);
    const covered = new Set(known.cases.map(({ tokenization, smoothing }) => `${tokenization} ${smoothing}`));
    assert.equal(covered.size, tokenizations.length * smoothings.length, 'every tokenization with every smoothing');
  });

  it('gives sacrebleu\'s answers on 400 random sets of real lines', function () {
    this.timeout(60_000);
    const cases = [...randomCases(400), ...known.cases];
    const asked = askSacrebleu(cases);
    if ('missing' in asked) {
      console.log(`    not run: ${asked.missing}`);
      this.skip();
    }
    cases.forEach((some, place) => { compare(some, asked.answers[place]!); });
    known.cases.forEach(({ answer }, place) => { assert.deepEqual(answer, asked.answers[400 + place], 'the known answers are its own'); });
    assert.ok(new Set(asked.answers.map(({ score }) => Math.round(score))).size > 60, 'all kinds of scores');
  });
});
