import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { readBertVocabulary, type BertVocabulary } from '../../../../../src/data/text/classification/bertVocabulary';
import { classifierTokens } from '../../../../../src/data/text/classification/classifierTokens';
import { InputError } from '../../../../../src/settings/problem';
import { askBertTokenizer, type BertTokens, type Sentences } from '../../../../support/askBertTokenizer';

const file = 'test/fixtures/wordPiece/vocab.txt';
/** What transformers' BertTokenizer answered once; where Python has it the last test asks again. */
const known = JSON.parse(readFileSync('test/fixtures/wordPiece/transformers.json', 'utf8')) as { readonly version: string; readonly maxTokens: number; readonly cases: readonly (BertTokens & { readonly sentences: Sentences })[] };

function tokensOf(sentences: Sentences, vocabulary: BertVocabulary, maxTokens: number): BertTokens {
  const { tokens, first } = classifierTokens(sentences, { vocabulary, begin: vocabulary.begin, separator: vocabulary.separator }, maxTokens);
  return { tokens: [...tokens], segments: Array.from(tokens, (_, place) => place < first ? 0 : 1) };
}

const seasoning = ['Café', 'naïve', 'ÜBERGRÖẞE', 'İstanbul', 'Ångström', '北京', '東京tower', '😀', 'x\u200bx', 'soft\u00adhyphen', '\u00a0', 'a\u2003b', 'a\u0301', '\ufeff', 'tab\tbed', 'null\u0001', 'ﬁ', 'ﬀ', '½', 'don\'t', '“quoted”', '—', '…', '$5.00', '###', 'a_b', '[x]', 'ΣΊΣΥΦΟΣ', 'Привет', 'עִברִית', 'हिन्दी', '가나다', 'w'.repeat(101), 'w'.repeat(100), '\u3000', '²', '™', '\u2028'];

function randomLines(count: number): Sentences[] {
  const generator = xoroshiro128plus(31);
  const below = (most: number) => uniformInt(generator, 0, most - 1);
  const one = <T>(of: readonly T[]) => of[below(of.length)] as T;
  const lines = Object.values(JSON.parse(readFileSync('node_modules/typescript/lib/de/diagnosticMessages.generated.json', 'utf8')) as Record<string, string>);
  const line = () => one(lines).split(' ').flatMap(word => below(6) > 0 ? [word] : [word, one(seasoning)]).join(' ');
  return Array.from({ length: count }, (_, place) => place % 2 === 0 ? [line()] : [line(), line()]);
}

describe('data: BERT\'s vocabulary', () => {
  const vocabulary = readBertVocabulary(file);

  it('cuts words into the longest pieces, in lower case and without accents', () => {
    const pieces = readFileSync(file, 'utf8').trimEnd().split('\n');
    const cut = (line: string) => Array.from(vocabulary.encode(line), token => pieces[token]);
    assert.deepEqual(cut('Arguments CANNOT be déclared.'), ['arguments', 'cannot', 'be', 'declared', '.']);
    assert.deepEqual(cut('Asynsyntax'), ['asyn', '##s', '##yntax']);
    assert.deepEqual(cut('[SEP]'), ['[', ...cut('sep'), ']'], 'text cannot write a separator');
  });

  it('decodes to the words', () => {
    const { tokens } = tokensOf(['Arguments cannot be declared.', 'x'], vocabulary, 100);
    assert.equal(vocabulary.decode([...tokens, 0, 0]), 'arguments cannot be declared .');
  });

  it('gives transformers\' known answers, for sentences and pairs, cut and whole', () => {
    for (const { sentences, tokens, segments } of known.cases) assert.deepEqual(tokensOf(sentences, vocabulary, known.maxTokens), { tokens, segments }, JSON.stringify(sentences));
    assert.ok(known.cases.some(({ tokens }) => tokens.length === known.maxTokens), 'some are cut');
    assert.ok(known.cases.some(({ tokens }) => tokens.includes(1)), 'some hold what is unknown');
  });

  it('gives transformers\' answers on 400 random lines', function () {
    this.timeout(120_000);
    const lines = [...randomLines(400), ...known.cases.map(({ sentences }) => sentences)];
    const asked = askBertTokenizer(file, lines, 4096);
    if ('missing' in asked) {
      console.log(`    not run: ${asked.missing}`);
      this.skip();
    }
    lines.forEach((sentences, place) => { assert.deepEqual(tokensOf(sentences, vocabulary, 4096), asked.answers[place], JSON.stringify(sentences)); });
  });

  describe('is refused with file and line', () => {
    let folder: string;
    beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'efcp-vocab-')); });
    afterEach(() => { rmSync(folder, { recursive: true }); });
    const wrong: readonly (readonly [what: string, pieces: readonly string[], message: RegExp])[] = [
      ['another first piece', ['[UNK]', '[PAD]', '[CLS]', '[SEP]', '[MASK]'], /vocab\.txt:1: the first piece must be \[PAD\], since token 0 fills sequences up, but it is "\[UNK\]"\. Name the vocab\.txt/],
      ['an empty line', ['[PAD]', '', '[UNK]'], /vocab\.txt:2: the line is empty/],
      ['a piece twice', ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'a', 'b', 'a'], /vocab\.txt:8: the piece "a" is on line 6 already/],
      ['no separator', ['[PAD]', '[UNK]', '[CLS]', '[MASK]', 'a'], /vocab\.txt:5: the file ends without \[SEP\]/],
      ['nothing', [], /vocab\.txt:1: .*but the file is empty/],
    ];
    for (const [what, pieces, message] of wrong) {
      it(`where it has ${what}`, () => {
        const named = path.join(folder, 'vocab.txt');
        writeFileSync(named, pieces.map(piece => `${piece}\n`).join(''));
        assert.throws(() => readBertVocabulary(named), (error: unknown) => error instanceof InputError && message.test(error.message) && error.problems[0]?.field === 'vocabularyFile');
      });
    }
  });
});

describe('data: the tokens of a classifier', () => {
  const vocabulary = { size: 100, encode: (line: string) => Int32Array.from(line.split(' ').filter(word => word !== ''), Number), decode: () => '' };
  const marked = { vocabulary, begin: 98, separator: 99 };
  const cases: readonly (readonly [sentences: Sentences, most: number, tokens: readonly number[], first: number])[] = [
    [['1 2 3'], 9, [98, 1, 2, 3, 99], 5],
    [['1 2 3'], 4, [98, 1, 2, 99], 4],
    [[''], 9, [98, 99], 2],
    [['1 2', '3'], 9, [98, 1, 2, 99, 3, 99], 4],
    [['1 2 3 4 5', '6 7'], 7, [98, 1, 2, 99, 6, 7, 99], 4],
    [['1 2 3', '4 5 6'], 8, [98, 1, 2, 3, 99, 4, 5, 99], 5],
    [['1', '2 3 4 5 6'], 6, [98, 1, 99, 2, 3, 99], 3],
    [['', '2 3'], 9, [98, 99, 2, 3, 99], 2],
    [['1 2 3', '4 5 6'], 4, [98, 1, 99, 99], 3],
  ];
  for (const [sentences, most, tokens, first] of cases) {
    it(`of ${JSON.stringify(sentences)}, at most ${most}`, () => { assert.deepEqual(classifierTokens(sentences, marked, most), { tokens: Int32Array.from(tokens), first }); });
  }
});
