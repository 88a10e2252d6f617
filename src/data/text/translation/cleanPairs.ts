/**
 * Pairs of lines as words, without those that are no translations of one another by the look of it: a side is empty or too long, or
 * has more than 1.5 times as many words as the other (the published preparation of IWSLT'14).
 */
import type { LineForm } from '../lineForm';
import type { LeftOut } from '../text';
import type { Corpus, LinePair } from './corpus';

const ratio = 1.5;

export interface WordPair extends LinePair {
  readonly sourceWords: string;
  readonly targetWords: string;
}

export interface Forms {
  readonly source: LineForm;
  readonly target: LineForm;
}

export function cleanPairs({ pairs, mostWords = Infinity }: Pick<Corpus, 'pairs' | 'mostWords'>, forms: Forms): { kept: WordPair[]; leftOut: LeftOut[] } {
  const kept: WordPair[] = [];
  const [empty, long, unlike] = [new Tally('pairs with an empty side'), new Tally(`pairs with a side of more than ${mostWords} words`), new Tally(`pairs with a side of more than ${ratio} times the other's words`)];
  for (const pair of pairs) {
    const words = { ...pair, sourceWords: forms.source.words(pair.source), targetWords: forms.target.words(pair.target) };
    const [shorter = 0, longer = 0] = [numberOfWords(words.sourceWords), numberOfWords(words.targetWords)].sort((a, b) => a - b);
    if (shorter === 0) empty.lines++;
    else if (longer > mostWords) long.lines++;
    else if (longer > ratio * shorter) unlike.lines++;
    else kept.push(words);
  }
  return { kept, leftOut: [empty, long, unlike].filter(({ lines }) => lines > 0) };
}

function numberOfWords(words: string): number {
  return words === '' ? 0 : words.split(' ').length;
}

class Tally implements LeftOut {
  lines = 0;

  constructor(readonly what: string) {}
}
