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
  const out = new Map<string, number>();
  for (const pair of pairs) {
    const words = { ...pair, sourceWords: forms.source.words(pair.source), targetWords: forms.target.words(pair.target) };
    const fault = faultOf(numberOfWords(words.sourceWords), numberOfWords(words.targetWords), mostWords);
    if (fault === undefined) kept.push(words);
    else out.set(fault, (out.get(fault) ?? 0) + 1);
  }
  return { kept, leftOut: Array.from(out, ([what, lines]) => ({ lines, what })) };
}

function faultOf(source: number, target: number, most: number): string | undefined {
  const [shorter, longer] = [Math.min(source, target), Math.max(source, target)];
  if (shorter === 0) return 'pairs with an empty side';
  if (longer > most) return `pairs with a side of more than ${most} words`;
  return longer > ratio * shorter ? `pairs with a side of more than ${ratio} times the other's words` : undefined;
}

function numberOfWords(words: string): number {
  return words === '' ? 0 : words.split(' ').length;
}
