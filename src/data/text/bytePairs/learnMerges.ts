/**
 * Byte-pair encoding (Sennrich, Haddow, Birch, "Neural Machine Translation of Rare Words with Subword Units", arXiv 1508.07909,
 * section 3.2): words are rows of characters, and again and again the most frequent pair of neighbours becomes one symbol. The same
 * merges as the program subword-nmt learns: the last character of a word carries a mark, of equally frequent pairs the last in the
 * order of code points is taken, and a pair that occurs less than twice is not.
 */
import { PairQueue } from './pairQueue';

/** Two symbols that become one; earlier merges are applied first. */
export type Merge = readonly [left: string, right: string];

/** Ends the symbol that ends a word. */
export const wordEnd = '</w>';
const leastFrequent = 2;

/** `counts`: how often each word occurs. At most `most` merges; fewer where no pair is left that occurs twice. */
export function learnMerges(counts: ReadonlyMap<string, number>, most: number): Merge[] {
  const symbols = new Symbols();
  const frequencies = [...counts.values()];
  const words = [...counts.keys()].map(word => symbolsOf(word).map(name => symbols.numberOf(name)));
  const queue = new PairQueue(symbols.names, leastFrequent);
  words.forEach((word, number) => { countPairs(queue, word, frequencies[number] ?? 0, number); });
  const merges: Merge[] = [];
  while (merges.length < most) {
    const best = queue.mostFrequent();
    if (best === undefined) break;
    const { left, right } = best;
    const merge = [symbols.names[left] ?? '', symbols.names[right] ?? ''] as const;
    const merged = symbols.numberOf(merge[0] + merge[1]);
    for (const number of best.words) {
      const word = words[number] ?? [];
      const shorter = withMerged(word, left, right, merged);
      if (shorter.length === word.length) continue;
      const frequency = frequencies[number] ?? 0;
      countPairs(queue, word, -frequency, number, merged);
      countPairs(queue, shorter, frequency, number, merged);
      words[number] = shorter;
    }
    best.words.length = 0;
    merges.push(merge);
  }
  return merges;
}

/** The characters of a word, the last with the mark. */
export function symbolsOf(word: string): string[] {
  const symbols = Array.from(word);
  return [...symbols.slice(0, -1), `${symbols.at(-1) ?? ''}${wordEnd}`];
}

/** All pairs of a word where `merged` is absent. Else pairs without it are known to be in this word already. */
function countPairs(queue: PairQueue, word: readonly number[], by: number, number: number, merged?: number): void {
  for (let place = 1; place < word.length; place++) {
    const [left = 0, right = 0] = [word[place - 1], word[place]];
    queue.add(left, right, by, number, by > 0 && (merged === undefined || left === merged || right === merged));
  }
}

/** From left to right, so of three equal symbols the first two become one. */
export function withMerged<Symbol>(word: readonly Symbol[], left: Symbol, right: Symbol, merged: Symbol): Symbol[] {
  const shorter: Symbol[] = [];
  for (let place = 0; place < word.length; place++) {
    const isPair = word[place] === left && place + 1 < word.length && word[place + 1] === right;
    shorter.push(isPair ? merged : word[place] as Symbol);
    if (isPair) place++;
  }
  return shorter;
}

class Symbols {
  readonly names: string[] = [];
  private readonly numbers = new Map<string, number>();

  numberOf(name: string): number {
    let number = this.numbers.get(name);
    if (number === undefined) {
      number = this.names.push(name) - 1;
      this.numbers.set(name, number);
    }
    return number;
  }
}
