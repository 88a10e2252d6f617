/** Tokens and what they stand for. Three numbers mean the same in every vocabulary that is learnt here; a vocabulary of BERT has only the padding in common with them. */

/** Fills sequences up to the length of the longest; never read, never predicted. */
export const padding = 0;
/** What no entry of the vocabulary covers. */
export const unknown = 1;
/** Ends a sequence, and as the first input of a decoder begins one. */
export const end = 2;

export interface Vocabulary {
  /** Numbers of tokens are below this. */
  readonly size: number;
  /** Of one line, without an end. */
  encode(line: string): Int32Array;
  /** The line that tokens stand for, up to the first end; padding is left out. */
  decode(tokens: ArrayLike<number>): string;
  /** The same with words and marks apart, as published BLEU figures of translators are counted; absent where there is no such form. */
  words?(tokens: ArrayLike<number>): string;
}

/** Lines that were read but are not among the examples. */
export interface LeftOut {
  readonly lines: number;
  /** "empty lines", for example. */
  readonly what: string;
}

export interface TestPair {
  /** Ready to be encoded. */
  readonly source: string;
  /** What a translation is compared with. */
  readonly target: string;
  /** The same as `Vocabulary.words` would have it. */
  readonly targetWords: string;
}

export interface Text {
  /** Of the first input. */
  readonly source: Vocabulary;
  /** Of what is predicted, where that is text. */
  readonly target?: Vocabulary;
  /** An example's source as it was before it was cut into tokens, ready to be encoded. */
  sourceLine(example: number): string;
  /** What is to be predicted, where that is text: what a translation is compared with. */
  targetLine?(example: number): string;
  /** The same as `Vocabulary.words` would have it. */
  targetWords?(example: number): string;
  readonly leftOut?: readonly LeftOut[];
  /** What the data bring for the last test, which belongs to neither training nor validation. */
  readonly test?: readonly TestPair[];
}
