/**
 * Joins words and marks to a line that reads well, as Moses' detokeniser does: entities become characters, brackets and currency
 * signs go with what follows, closing marks with what comes before, quotation marks with either in turn.
 */
import { unescapeMarks } from './escapes';
import type { Language } from './tokenize';

/** Which neighbour a word goes with. */
interface Joined {
  readonly toPrevious: boolean;
  readonly toNext: boolean;
}

const alone: Joined = { toPrevious: false, toNext: false };
const opening: Joined = { toPrevious: false, toNext: true };
const closing: Joined = { toPrevious: true, toNext: false };

export function detokenize(text: string, language: Language): string {
  const words = unescapeMarks(text).split(' ').filter(word => word !== '');
  const open = new Set<string>();
  let line = '';
  let previous = opening;
  words.forEach((word, place) => {
    const joined = joinedAs(word, words[place - 1], language, open);
    line += previous.toNext || joined.toPrevious ? word : ` ${word}`;
    previous = joined;
  });
  return line;
}

/** `open`: the quotations that have begun, by their mark. */
function joinedAs(word: string, before: string | undefined, language: Language, open: Set<string>): Joined {
  if (/^[\p{Sc}([{¿¡]+$/u.test(word)) return opening;
  if (/^[,.?!:;\\%}\])]+$/u.test(word)) return closing;
  if (language === 'en' && before !== undefined && /^'\p{Alphabetic}/u.test(word)) return closing;
  if (!/^['"„“`]+$/u.test(word)) return alone;
  const mark = /^[„“]+$/u.test(word) ? '"' : word;
  if (open.delete(mark)) return closing;
  // The house of the Joneses: no quotation begins.
  if (language === 'en' && mark === '\'' && before?.endsWith('s') === true) return closing;
  open.add(mark);
  return opening;
}
