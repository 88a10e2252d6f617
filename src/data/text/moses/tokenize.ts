/**
 * Cuts a line into words and marks with a space between them, as the tokeniser of the Moses toolkit does, by which translation
 * corpora are usually prepared (Koehn et al., "Moses: Open Source Toolkit for Statistical Machine Translation", ACL 2007). Seven
 * characters that mean something to that toolkit are escaped. Written anew: rules in the order in which they are applied.
 */
import { abbreviations } from './abbreviations';
import { escapeMarks } from './escapes';

export type Language = 'de' | 'en';

type Rule = readonly [pattern: RegExp, replacement: string | ((match: string) => string)];

const apply = (line: string, rules: readonly Rule[]) => rules.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement as string), line);

/** Stands for a dot of several in a row: control characters are gone by then. */
const heldDot = '\u0001';

const cleared: readonly Rule[] = [
  [/\p{White_Space}+/gu, ' '],
  [/[\u0000-\u001f]/gu, ''],
  [/^ | $/gu, ''],
];

const apart: readonly Rule[] = [
  [/[^\p{Alphabetic}\p{Nd}\p{White_Space}.'`,-]/gu, ' $& '],
  [/\.{2,}/gu, dots => ` ${heldDot.repeat(dots.length)} `],
  // A comma stays only between digits. What a rule has matched it does not see again, so there are two.
  [/(\P{N}),/gu, '$1 , '],
  [/,(\P{N})/gu, ' , $1'],
  [/(\p{N}),$/gu, '$1 ,'],
];

const apostrophes: Readonly<Record<Language, readonly Rule[]>> = {
  // It goes with what follows, except at the edge of a word.
  en: [
    [/(\P{Alphabetic})'(\P{Alphabetic})/gu, '$1 \' $2'],
    [/([^\p{Alphabetic}\p{N}])'(\p{Alphabetic})/gu, '$1 \' $2'],
    [/(\p{Alphabetic})'(\P{Alphabetic})/gu, '$1 \' $2'],
    [/(\p{Alphabetic})'(\p{Alphabetic})/gu, '$1 \'$2'],
    [/(\p{N})'s/gu, '$1 \'s'],
  ],
  de: [[/'/gu, ' \' ']],
};

export function tokenize(line: string, language: Language): string {
  const words = wordsOf(apply(apply(line, cleared), [...apart, ...apostrophes[language]]));
  const text = words.map((word, place) => stopApart(word, place, words, language)).join(' ');
  const ended = text.replace(/\.'$/u, ' . \'').replaceAll(heldDot, '.');
  return escapeMarks(wordsOf(ended).join(' '));
}

function wordsOf(text: string): string[] {
  return text.split(' ').filter(word => word !== '');
}

/** The word with its full stop apart, unless the stop belongs to it. */
function stopApart(word: string, place: number, words: readonly string[], language: Language): string {
  if (word.length < 2 || !word.endsWith('.')) return word;
  const before = word.slice(0, -1);
  const next = words[place + 1];
  return next !== undefined && staysTogether(before, next, language) ? word : `${before} .`;
}

function staysTogether(before: string, next: string, language: Language): boolean {
  const { always, beforeNumbers } = abbreviations[language];
  if (before.includes('.') && /\p{Alphabetic}/u.test(before)) return true;
  if (/^\p{Lowercase}/u.test(next)) return true;
  return beforeNumbers.has(before) ? /^[0-9]/u.test(next) : always.has(before);
}
