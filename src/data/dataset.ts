/**
 * Labelled examples, wherever they lie: in memory, or in files that are read as they are asked for. A data set hands out arrays of
 * the host; tensors are made of them a slice of a batch at a time (`batches.ts`).
 */
import type { Augmentation, Move } from './moves';
import type { Text } from './text/text';

/** What one example, or one label, is made of; the shape is without the batch, null for a length that differs from batch to batch. */
export interface ArraySpecification {
  readonly shape: readonly (number | null)[];
  readonly dtype: 'float32' | 'int32';
}

export interface HostArray {
  readonly values: Float32Array | Int32Array;
  /** With the batch, which comes first. */
  readonly shape: readonly number[];
}

export interface HostBatch {
  /** One for each of `Dataset.inputs`. */
  readonly inputs: readonly HostArray[];
  readonly labels: HostArray;
}

export interface Dataset {
  readonly name: string;
  /** Numbered from 0. */
  readonly examples: number;
  /** How many of them, the last ones, the files themselves bring for validation; 0: they are to be split. */
  readonly ownValidation: number;
  /**
   * What labels are: numbers of classes; whole numbers that may be such, or values; rows with a one at the class; values to be predicted;
   * a row of token numbers, 0 where nothing is to be predicted.
   */
  readonly labelKind: 'classNumbers' | 'wholeNumbers' | 'oneHot' | 'values' | 'tokens';
  /** Class numbers are below this; absent where labels are values. */
  readonly classes?: number;
  readonly inputs: readonly ArraySpecification[];
  readonly labels: ArraySpecification;
  /** What is usual in training on it. */
  readonly augmentation: Augmentation;
  /** Of sequences of tokens: how long they are. */
  readonly sequences?: Sequences;
  /** What the tokens stand for. */
  readonly text?: Text;
  /** What it holds in memory. */
  readonly bytes: number;
  /** Arrays of the numbered examples, in this order, each moved as the move at its place says. */
  make(examples: Uint32Array, moves?: readonly Move[]): HostBatch;
  /** Gives back open files. */
  close(): void;
}

export interface Sequences {
  /** By example, tokens of its longest side; a batch is padded to its longest example. */
  readonly lengths: Uint32Array;
  /** By example, the predictions that it is weighed by in the loss; absent where each example is one. */
  readonly predictions?: Uint32Array;
}
