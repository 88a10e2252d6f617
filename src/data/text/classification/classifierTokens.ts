/**
 * The tokens that a classifier reads, as BERT does (arXiv 1810.04805, section 3): begin a separator, or begin a separator b separator.
 * What is up to the first separator is segment 0, the rest segment 1. A pair that is too long loses the last tokens of the longer
 * sentence, one by one; of two as long, of the second.
 */
import type { Vocabulary } from '../text';

export interface ClassifierVocabulary {
  readonly vocabulary: Vocabulary;
  readonly begin: number;
  readonly separator: number;
}

export interface ClassifierTokens {
  readonly tokens: Int32Array;
  /** Tokens of segment 0. */
  readonly first: number;
}

/** `most`: tokens, with begin and separators. */
export function classifierTokens([a, b]: readonly [string] | readonly [string, string], { vocabulary, begin, separator }: ClassifierVocabulary, most: number): ClassifierTokens {
  const first = vocabulary.encode(a);
  const second = b === undefined ? undefined : vocabulary.encode(b);
  const marks = second === undefined ? 2 : 3;
  const [kept, keptOfSecond] = truncated(first.length, second?.length ?? 0, most - marks);
  const tokens = new Int32Array(kept + keptOfSecond + marks);
  tokens[0] = begin;
  tokens.set(first.subarray(0, kept), 1);
  tokens[kept + 1] = separator;
  if (second !== undefined) {
    tokens.set(second.subarray(0, keptOfSecond), kept + 2);
    tokens[tokens.length - 1] = separator;
  }
  return { tokens, first: kept + 2 };
}

function truncated(a: number, b: number, room: number): [a: number, b: number] {
  let [kept, keptOfSecond] = [a, b];
  while (kept + keptOfSecond > room) {
    if (kept > keptOfSecond) kept--;
    else keptOfSecond--;
  }
  return [kept, keptOfSecond];
}
