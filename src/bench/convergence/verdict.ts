/** The claim of EFCP (arXiv 2306.06098), checked: compression to 1 % costs next to nothing with error feedback, and much without it. */
import { denseOf, familiesIn, type StudyResult } from './study';

export interface Finding {
  readonly family: string;
  readonly errorFeedback: boolean;
  /** Median loss at 1 % density over that of the dense method, each at its own best learning rate. */
  readonly ratio: number;
  readonly holds: boolean;
}

export const atMostWith = 1.15;
export const atLeastWithout = 2;

export function verdict(result: StudyResult): readonly Finding[] {
  return familiesIn(result).flatMap(family => {
    const dense = denseOf(result, family);
    return result.results.filter(({ method }) => method.family === family && method.compression === 'Top-K 1 %').map(({ method, best }): Finding => {
      const errorFeedback = method.errorFeedback === true;
      const ratio = best.median / (dense?.best.median ?? Number.NaN);
      return { family, errorFeedback, ratio, holds: errorFeedback ? ratio <= atMostWith : ratio >= atLeastWithout };
    });
  });
}

/** A study in which the claim was not even put to the test has not shown it. */
export function isShown(findings: readonly Finding[]): boolean {
  return findings.length > 0 && findings.every(({ holds }) => holds);
}
