/**
 * Parallel text as examples for a translator, prepared as published (Edunov et al., arXiv 1711.04956, and fairseq's preparation of
 * IWSLT'14): words and marks apart, lower case, cleaned, split, pieces by merges that the training lines of both languages teach
 * together, and a vocabulary of the training lines' pieces for each language.
 *
 * Inputs [B, S] x1..xm end, and [B, T] end y1..yn; labels [B, T] y1..yn end; int32. Held: two or four bytes a token, and the lines
 * as text; vocabularies, merges and the lines of a test set, a few megabytes, are not counted.
 */
import type { Settings } from '../../../settings/knobs';
import { InputError } from '../../../settings/problem';
import type { Dataset } from '../../dataset';
import { noAugmentation } from '../../moves';
import { bytePairsFor } from '../bytePairs/bytePairsFor';
import type { BytePairs } from '../bytePairs/bytePairs';
import { KeptLines } from '../keptLines';
import { mosesForm } from '../lineForm';
import { vocabularyOf, type PieceVocabulary } from '../pieceVocabulary';
import type { LeftOut, TestPair, Text } from '../text';
import { padded, TokenRows } from '../tokenRows';
import { cleanPairs, type WordPair } from './cleanPairs';
import type { Corpus } from './corpus';

export type CuttingSettings = Pick<Settings, 'maxTokens' | 'merges' | 'vocabularyFile'>;

interface Vocabularies {
  readonly source: PieceVocabulary;
  readonly target: PieceVocabulary;
}

export const forms = { source: mosesForm('de'), target: mosesForm('en') };

export function translationDataset(corpus: Corpus, settings: CuttingSettings): Dataset {
  const { kept: cleaned, leftOut } = cleanPairs(corpus, forms);
  const training = cleaned.filter((pair, place) => !corpus.isHeldOut(pair, place));
  const heldOut = cleaned.filter((pair, place) => corpus.isHeldOut(pair, place));
  const bytePairs = bytePairsFor(settings, bothSides(training));
  const fits = (pair: WordPair) => longestSide(pair, bytePairs) <= settings.maxTokens;
  const [train, validation] = [training.filter(fits), heldOut.filter(fits)];
  if (train.length + validation.length < 2) throw tooFew(corpus, cleaned.length, settings);
  const vocabularies = {
    source: vocabularyOf(train.map(({ sourceWords }) => sourceWords), bytePairs, forms.source),
    target: vocabularyOf(train.map(({ targetWords }) => targetWords), bytePairs, forms.target),
  };
  const tooLong = { lines: cleaned.length - train.length - validation.length, what: `pairs with a side of more than ${settings.maxTokens} tokens` };
  const dataset = datasetOf(corpus, [...train, ...validation], validation.length, vocabularies, [...corpus.leftOut, ...leftOut, ...(tooLong.lines > 0 ? [tooLong] : [])]);
  bytePairs.forget();
  return dataset;
}

function datasetOf({ name, test }: Corpus, pairs: readonly WordPair[], ownValidation: number, { source, target }: Vocabularies, leftOut: readonly LeftOut[]): Dataset {
  const sources = rowsOf(pairs, pair => source.numbersOf(pair.sourceWords), source.size);
  const targets = rowsOf(pairs, pair => target.numbersOf(pair.targetWords), target.size);
  const [sourceLines, targetWords] = [new KeptLines(pairs.map(pair => pair.source)), new KeptLines(pairs.map(pair => pair.targetWords))];
  const predictions = Uint32Array.from(pairs, (_, place) => targets.row(place).length + 1);
  const lengths = predictions.map((length, place) => Math.max(length, sources.row(place).length + 1));
  const text: Text = {
    source, target, leftOut,
    sourceLine: example => sourceLines.line(example), targetWords: example => targetWords.line(example),
    targetLine: example => forms.target.line(targetWords.line(example)),
    ...(test === undefined ? {} : { test: test.map(testPair) }),
  };
  return {
    name, text, ownValidation, examples: pairs.length, labelKind: 'tokens', augmentation: noAugmentation, sequences: { lengths, predictions },
    inputs: [{ shape: [null], dtype: 'int32' }, { shape: [null], dtype: 'int32' }], labels: { shape: [null], dtype: 'int32' },
    bytes: [sources, targets, sourceLines, targetWords].reduce((sum, { bytes }) => sum + bytes, lengths.byteLength + predictions.byteLength),
    make: examples => {
      const [from, to] = [sources, targets].map(rows => Array.from(examples, example => rows.row(example))) as [Uint16Array[], Uint16Array[]];
      return { inputs: [padded(from, 'last'), padded(to, 'first')], labels: padded(to, 'last') };
    },
    close: () => undefined,
  };
}

function rowsOf(pairs: readonly WordPair[], tokensOf: (pair: WordPair) => number[], vocabulary: number): TokenRows {
  const rows = function* () { for (const pair of pairs) yield tokensOf(pair); };
  return new TokenRows(rows(), vocabulary);
}

function testPair({ source, target }: { readonly source: string; readonly target: string }): TestPair {
  const targetWords = forms.target.words(target);
  return { source, targetWords, target: forms.target.line(targetWords) };
}

function* bothSides(pairs: readonly WordPair[]): Generator<string> {
  for (const { sourceWords, targetWords } of pairs) {
    yield sourceWords;
    yield targetWords;
  }
}

/** In tokens, with the end. */
function longestSide({ sourceWords, targetWords }: WordPair, bytePairs: BytePairs): number {
  const tokensOf = (words: string) => words.split(' ').reduce((sum, word) => sum + bytePairs.cut(word).length, 1);
  return Math.max(tokensOf(sourceWords), tokensOf(targetWords));
}

function tooFew({ name, pairs }: Corpus, cleaned: number, { maxTokens }: CuttingSettings): InputError {
  return cleaned < 2
    ? new InputError([{ field: 'data', message: `The data "${name}" have ${pairs.length} pairs of lines, of which ${cleaned} are left when empty ones and those of very different length are out; two are the least. Bring more text.` }])
    : new InputError([{ field: 'maxTokens', message: `maxTokens is ${maxTokens}, but of ${cleaned} pairs of lines fewer than two are that short; it must be at least the length of two pairs. Raise maxTokens, or merges, so that lines have fewer tokens.` }]);
}
