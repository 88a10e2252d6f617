/** The merges of a run: those of a file, or else those that its training lines teach. */
import type { Settings } from '../../../settings/knobs';
import { BytePairs } from './bytePairs';
import { readCodes } from './codesFile';
import { learnMerges } from './learnMerges';

/** `lines`: words with a space between them. */
export function bytePairsFor({ merges, vocabularyFile }: Pick<Settings, 'merges' | 'vocabularyFile'>, lines: Iterable<string>): BytePairs {
  return new BytePairs(vocabularyFile === null ? learnMerges(wordCounts(lines), merges) : readCodes(vocabularyFile, 'vocabularyFile'));
}

export function wordCounts(lines: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) {
    for (const word of line.split(' ')) {
      if (word !== '') counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return counts;
}
