/** What the bench of the backends trains: a pure loss, initial values and data that a seed fixes on every backend. */
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { Random } from '../random';

export interface BenchParameter {
  readonly name: string;
  readonly shape: readonly number[];
  /** Of the normal distribution that initial values are drawn from. */
  readonly mean: number;
  readonly deviation: number;
}

/** A parameter by its name. */
export type Parameters = (name: string) => Tensor;

export interface BenchModel {
  readonly name: string;
  readonly parameters: readonly BenchParameter[];
  /** Of plain gradient descent. */
  readonly learningRate: number;
  /** Batches without end, made on the host. */
  data(random: Random): () => HostBatch;
  /** Mean loss of a batch: plain operations of TensorFlow.js, as any user would write them. */
  loss(parameters: Parameters, batch: Batch): Scalar;
}

export interface HostBatch {
  /** [batch, ...one example]. */
  readonly shape: readonly number[];
  /** Float32 for images, int32 for tokens. */
  readonly inputs: Float32Array | Int32Array;
  /** A class for every example, or for every token of it. */
  readonly labels: Int32Array;
}

/** On the device. */
export interface Batch {
  readonly inputs: Tensor;
  /** [all labels], int32. */
  readonly labels: Tensor;
}

/** Weights for He's initialisation under ReLU (arXiv 1502.01852); `gain` 1 keeps variances where no ReLU follows. */
export function weights(name: string, shape: readonly number[], gain = 2): BenchParameter {
  const inputs = shape.slice(0, -1).reduce((product, side) => product * side, 1);
  return { name, shape, mean: 0, deviation: Math.sqrt(gain / inputs) };
}

export function constant(name: string, length: number, mean: number): BenchParameter {
  return { name, shape: [length], mean, deviation: 0 };
}

export function countParameters({ parameters }: BenchModel): number {
  return parameters.reduce((sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1), 0);
}
