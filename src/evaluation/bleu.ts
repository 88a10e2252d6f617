/**
 * BLEU of a whole corpus (Papineni et al., 2002), as sacrebleu counts it (arXiv 1804.08771):
 *
 *   BLEU = 100 · BP · (p1 · p2 · p3 · p4)^(1/4),   BP = min(1, exp(1 - r/c))
 *
 * p_n: n-grams of all hypotheses that are in a reference of their segment, each at most as often as in the reference that has it
 * most often, divided by all n-grams of the hypotheses. c: words of the hypotheses; r: words of the references, for each segment of
 * the one that is closest in length, the shorter of two equally close. An n without a match gets a precision by smoothing.
 */
import { wordsOf, type Tokenization } from './tokenization';

/**
 * What a precision without a match becomes (Chen and Cherry, 2014): exp: the k-th such is 1/(2^k · n-grams); floor: 0.1 / n-grams;
 * add-one: one is added to matches and n-grams of every n above 1; none: 0, and so is the score.
 */
export const smoothings = ['exp', 'floor', 'add-one', 'none'] as const;
export type Smoothing = (typeof smoothings)[number];

export interface BleuSettings {
  readonly tokenization: Tokenization;
  readonly smoothing: Smoothing;
}

export interface Bleu {
  /** 0 to 100. */
  readonly score: number;
  /** By n, from 1: matches, n-grams of the hypotheses, and precisions from 0 to 100 after smoothing. */
  readonly matches: readonly number[];
  readonly totals: readonly number[];
  readonly precisions: readonly number[];
  readonly brevityPenalty: number;
  /** Words of the hypotheses, and of the references that are closest in length. */
  readonly words: number;
  readonly referenceWords: number;
}

const orders = 4;

/** Each of `references` has a line for every hypothesis. Throws where their numbers differ, or there is nothing to compare. */
export function corpusBleu(hypotheses: readonly string[], references: readonly (readonly string[])[], { tokenization = '13a', smoothing = 'exp' }: Partial<BleuSettings> = {}): Bleu {
  if (hypotheses.length === 0 || references.length === 0) throw new Error(`BLEU of ${hypotheses.length} lines with ${references.length} references is not defined. Give at least one line and one reference.`);
  references.forEach((lines, place) => {
    if (lines.length !== hypotheses.length) throw new Error(`There are ${hypotheses.length} translated lines, but reference ${place + 1} has ${lines.length}. Give one line for each.`);
  });
  const matches = new Array<number>(orders).fill(0);
  const totals = new Array<number>(orders).fill(0);
  let [words, referenceWords] = [0, 0];
  hypotheses.forEach((hypothesis, segment) => {
    const found = wordsOf(hypothesis, tokenization);
    const expected = references.map(lines => wordsOf(lines[segment] ?? '', tokenization));
    words += found.length;
    referenceWords += closest(found.length, expected.map(({ length }) => length));
    for (let n = 1; n <= orders; n++) {
      totals[n - 1] = (totals[n - 1] ?? 0) + Math.max(0, found.length - n + 1);
      matches[n - 1] = (matches[n - 1] ?? 0) + matched(found, expected, n);
    }
  });
  const brevityPenalty = words >= referenceWords ? 1 : words === 0 ? 0 : Math.exp(1 - referenceWords / words);
  const precisions = smoothed(matches, totals, smoothing);
  return { score: brevityPenalty * geometricMean(precisions), matches, totals, precisions, brevityPenalty, words, referenceWords };
}

function closest(words: number, lengths: readonly number[]): number {
  return lengths.reduce((best, length) => {
    const nearer = Math.abs(length - words) - Math.abs(best - words);
    return nearer < 0 || (nearer === 0 && length < best) ? length : best;
  });
}

function matched(words: readonly string[], references: readonly (readonly string[])[], n: number): number {
  const counted = references.map(reference => ngrams(reference, n));
  let sum = 0;
  for (const [ngram, count] of ngrams(words, n)) sum += Math.min(count, Math.max(...counted.map(counts => counts.get(ngram) ?? 0)));
  return sum;
}

/** Words hold no white space, so the joined ones are told apart. */
function ngrams(words: readonly string[], n: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let at = 0; at + n <= words.length; at++) {
    const ngram = words.slice(at, at + n).join(' ');
    counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
  }
  return counts;
}

/** Without a single match, and from the first n on of which there is no n-gram, all are 0. */
function smoothed(matches: readonly number[], totals: readonly number[], smoothing: Smoothing): number[] {
  const precisions = new Array<number>(orders).fill(0);
  if (matches.every(count => count === 0)) return precisions;
  let halved = 1;
  for (let place = 0; place < orders; place++) {
    const added = smoothing === 'add-one' && place > 0 ? 1 : 0;
    const [match, total] = [(matches[place] ?? 0) + added, (totals[place] ?? 0) + added];
    if (total === 0) break;
    if (match === 0 && smoothing === 'exp') halved *= 2;
    const counted = match > 0 ? match : smoothing === 'exp' ? 1 / halved : smoothing === 'floor' ? 0.1 : 0;
    precisions[place] = 100 * counted / total;
  }
  return precisions;
}

function geometricMean(precisions: readonly number[]): number {
  return Math.exp(precisions.reduce((sum, precision) => sum + Math.log(precision), 0) / precisions.length);
}
