/**
 * Labelled examples, wherever they lie: in memory, or in files that are read as they are asked for. A data set hands out arrays of
 * the host; tensors are made of them a slice of a batch at a time (`batches.ts`).
 */
import type { Augmentation, Move } from './moves';

/** What one example, or one label, is made of; the shape is without the batch. */
export interface ArraySpecification {
  readonly shape: readonly number[];
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
  /** What labels are: numbers of classes; whole numbers that may be such, or values; rows with a one at the class; values to be predicted. */
  readonly labelKind: 'classNumbers' | 'wholeNumbers' | 'oneHot' | 'values';
  /** Class numbers are below this; absent where labels are values. */
  readonly classes?: number;
  readonly inputs: readonly ArraySpecification[];
  readonly labels: ArraySpecification;
  /** What is usual in training on it. */
  readonly augmentation: Augmentation;
  /** What it holds in memory. */
  readonly bytes: number;
  /** Arrays of the numbered examples, in this order, each moved as the move at its place says. */
  make(examples: Uint32Array, moves?: readonly Move[]): HostBatch;
  /** Gives back open files. */
  close(): void;
}
