/** German lines with their English translations, as they were read: what all parallel text is before it is cut into tokens. */
import type { LeftOut } from '../text';

export interface LinePair {
  readonly source: string;
  readonly target: string;
}

export interface Corpus {
  readonly name: string;
  readonly pairs: readonly LinePair[];
  /** Whether a pair is for validation; places are counted from 0 after cleaning. */
  readonly isHeldOut: (pair: LinePair, place: number) => boolean;
  /** Words that a line may have, where the corpus itself has a limit. */
  readonly mostWords?: number;
  readonly test?: readonly LinePair[];
  readonly leftOut: readonly LeftOut[];
}

/** Every 23rd pair, as the published preparation of IWSLT'14 has it. */
export function isEvery23rd(_: LinePair, place: number): boolean {
  return place % 23 === 22;
}
