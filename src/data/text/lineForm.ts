/** How a line becomes words, with one space between them, and words a line that reads well. */
import { detokenize } from './moses/detokenize';
import { tokenize, type Language } from './moses/tokenize';

export interface LineForm {
  words(line: string): string;
  line(words: string): string;
}

/** Words are what stands between spaces. */
export const spaced: LineForm = {
  words: line => line.split(/\p{White_Space}+/u).filter(word => word !== '').join(' '),
  line: words => words,
};

/** As translation corpora are prepared: words and marks apart, in lower case. */
export function mosesForm(language: Language): LineForm {
  return { words: line => tokenize(line, language).toLowerCase(), line: words => detokenize(words, language) };
}
