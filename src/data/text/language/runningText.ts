/** What a language model reads: a text file, or the English side of parallel text. */
import { readLines } from '../readLines';
import { spaced } from '../lineForm';
import { cleanPairs } from '../translation/cleanPairs';
import type { Corpus } from '../translation/corpus';
import { forms } from '../translation/translationDataset';
import type { RunningText } from './languageDataset';

/** The last twentieth of a file's lines is for validation: text goes on from line to line. */
const heldOutEvery = 20;

/** Words are what stands between spaces; blank lines are left out. Throws InputError with file and line. */
export function textFile(file: string): RunningText {
  const read = readLines(file, 'sourceFile').map(line => spaced.words(line));
  const lines = read.filter(line => line !== '');
  const trained = lines.length - Math.floor(lines.length / heldOutEvery);
  const blank = read.length - lines.length;
  return { name: 'text', training: lines.slice(0, trained), validation: lines.slice(trained), form: spaced, leftOut: blank > 0 ? [{ lines: blank, what: 'blank lines' }] : [] };
}

/** Cleaned and split as for a translator, so that what one learns from is new to neither. */
export function englishSide(corpus: Corpus): RunningText {
  const { kept, leftOut } = cleanPairs(corpus, forms);
  const [training, validation] = [false, true].map(isHeldOut => kept.filter((pair, place) => corpus.isHeldOut(pair, place) === isHeldOut).map(({ targetWords }) => targetWords)) as [string[], string[]];
  return { name: corpus.name, training, validation, form: forms.target, leftOut: [...corpus.leftOut, ...leftOut] };
}
