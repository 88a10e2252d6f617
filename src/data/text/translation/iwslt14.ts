/**
 * German and English talks of the IWSLT 2014 evaluation, read from the files of its archive and prepared as published (fairseq's
 * preparation, by which 160,239 pairs are for training, 7,283 for validation and 6,750 for the test). The text may not be passed on,
 * so the user brings it.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { InputError } from '../../../settings/problem';
import { dataHome } from '../../dataHome';
import { readLines } from '../readLines';
import { isEvery23rd, type Corpus, type LinePair } from './corpus';
import { refuseUneven } from './parallel';

const name = 'iwslt14';
const languages = ['de', 'en'] as const;
const trainFile = (language: string) => `train.tags.de-en.${language}`;
const testSets = ['TED.dev2010', 'TEDX.dev2012', 'TED.tst2010', 'TED.tst2011', 'TED.tst2012'];
const testFile = (set: string, language: string) => `IWSLT14.${set}.de-en.${language}.xml`;
const files = languages.flatMap(language => [trainFile(language), ...testSets.map(set => testFile(set, language))]);

/** `home`: where data sets lie. Throws InputError where files are missing, or do not go together. */
export function iwslt14(home = dataHome()): Corpus {
  const folder = folderWithFiles(path.join(home, name));
  const pairs = pairsOf(folder, trainFile, trainingLines);
  const test = testSets.flatMap(set => pairsOf(folder, language => testFile(set, language), segments));
  return { name, pairs, test, isHeldOut: isEvery23rd, mostWords: 175, leftOut: [] };
}

function pairsOf(folder: string, file: (language: string) => string, read: (lines: readonly string[]) => string[]): LinePair[] {
  const [sourceFile, targetFile] = languages.map(language => path.join(folder, file(language))) as [string, string];
  const [sources, targets] = [sourceFile, targetFile].map(one => read(readLines(one, 'data'))) as [string[], string[]];
  refuseUneven(sources.length, targets.length, `${sourceFile} (without tags)`, `${targetFile} (without tags)`, 'data');
  return sources.map((source, place) => ({ source, target: targets[place] ?? '' }));
}

/** Without what is said of a talk, but with its title and description. */
function trainingLines(lines: readonly string[]): string[] {
  return lines.filter(line => !/<(?:url|talkid|keywords)>/u.test(line)).map(line => line.replace(/<\/?(?:title|description)>/gu, ''));
}

/** `<seg id="1"> text </seg>`, with typewriter's apostrophes, as training has them. */
function segments(lines: readonly string[]): string[] {
  return lines.filter(line => line.includes('<seg id')).map(line => line.replace(/<seg id="[0-9]*">|<\/seg>/gu, '').replaceAll('\u2019', '\'').trim());
}

/** The files lie in the folder, or in that of the archive within it. */
function folderWithFiles(own: string): string {
  const missingIn = (folder: string) => files.filter(file => !existsSync(path.join(folder, file)));
  const folders = [own, path.join(own, 'de-en')];
  const whole = folders.find(folder => missingIn(folder).length === 0);
  if (whole !== undefined) return whole;
  const [first = '', ...others] = folders.map(missingIn).sort((a, b) => a.length - b.length)[0] ?? [];
  throw new InputError([{
    field: 'data',
    message: `data is "${name}", but ${first}${others.length > 0 ? ` and ${others.length} other files` : ''} are not in ${own}. `
      + 'The text is that of TED talks, under CC BY-NC-ND 4.0, which lets nobody pass on what is made of it, so it is not fetched for you. Get the archive de-en.tgz of WIT3 (2014-01, texts/de/en), '
      + `and put what is in its folder de-en into ${own}: ${trainFile('de')} and .en, and ${testSets.map(set => testFile(set, '{de,en}')).join(', ')}.`,
  }]);
}
