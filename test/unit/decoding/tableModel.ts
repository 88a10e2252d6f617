/** A model whose every prediction is known: logits that follow from the sentence and the prefix alone, drawn once. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { end } from '../../../src/data/text/text';
import { logSumExp, type NextToken } from '../../../src/decoding/hypothesis';

export interface TableModel extends NextToken {
  readonly vocabulary: number;
  /** Prefixes of every call so far. */
  readonly calls: number[];
  /** `prefix` without the end that begins it. */
  row(sentence: number, prefix: readonly number[]): Float32Array;
}

/** `names`: what the sentences are, so that the same one can stand in another batch. `coarse`: few different logits, so that many hypotheses are equal. */
export function tableModel(vocabulary: number, seed: number, names: readonly number[], coarse = false): TableModel {
  const rows = new Map<string, Float32Array>();
  const calls: number[] = [];
  const row = (sentence: number, prefix: readonly number[]) => {
    const key = [names[sentence], ...prefix].join(' ');
    const known = rows.get(key);
    if (known !== undefined) return known;
    const generator = xoroshiro128plus([names[sentence] ?? 0, ...prefix].reduce((hash, part) => Math.imul(hash ^ part, 0x01000193) ^ hash >>> 15, seed + 1));
    const made = Float32Array.from({ length: vocabulary }, () => { const drawn = 6 * uniformFloat64(generator); return coarse ? Math.round(drawn / 3) : drawn; });
    rows.set(key, made);
    return made;
  };
  return {
    vocabulary, calls, row,
    logits: (prefixes, length, sentences) => {
      calls.push(sentences.length);
      const all = new Float32Array(sentences.length * vocabulary);
      sentences.forEach((sentence, place) => {
        const [first, ...prefix] = prefixes.subarray(place * length, (place + 1) * length);
        if (first !== end) throw new Error(`A prefix begins with ${first ?? 'nothing'}.`);
        all.set(row(sentence, prefix), place * vocabulary);
      });
      return Promise.resolve(all);
    },
  };
}

/** log p(tokens end) of a sentence. */
export function logProbabilityOf(model: TableModel, sentence: number, tokens: readonly number[]): number {
  return [...tokens, end].reduce((sum, token, place) => {
    const row = model.row(sentence, tokens.slice(0, place));
    return sum + (row[token] ?? 0) - logSumExp(row);
  }, 0);
}
