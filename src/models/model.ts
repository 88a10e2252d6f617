/**
 * A model is a graph of nodes in the order in which they run. Values are numbered: first the model's inputs, then the output of each
 * node. Every node applies an operation, a pure function with a backward pass of its own that says beforehand what it needs, so that
 * any stretch of the graph can be run again, and nothing is kept that no gradient reads.
 */
import type { Tensor } from '@tensorflow/tfjs-core';

export interface ParameterSpecification {
  /** Unique in the model, for example `dense1/kernel`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Standard deviation of the normal distribution that initial values are drawn from; 0 for zeros. */
  readonly deviation: number;
  /** Where the model brings its initial values itself; [product of shape]. */
  readonly initial?: Float32Array;
}

/** What a model remembers without a gradient: moving statistics of batch normalisation, weights that are not trained. */
export interface BufferSpecification {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initial: Float32Array;
}

export interface InputSpecification {
  readonly name: string;
  /** Of one example, without the batch; null for a length that differs from batch to batch. */
  readonly shape: readonly (number | null)[];
  readonly dtype: 'float32' | 'int32';
}

export interface Model {
  readonly name: string;
  readonly inputs: readonly InputSpecification[];
  /** All that is trained, in the order in which it is flattened into one vector. */
  readonly parameters: readonly ParameterSpecification[];
  readonly buffers: readonly BufferSpecification[];
  /** The output of the last is what the loss is computed from. */
  readonly nodes: readonly Node[];
  /** Terms of the loss that depend on parameters alone: regularisation. */
  readonly penalties: readonly Penalty[];
  readonly loss: Loss;
  /** Names of the nodes that end a block, where the model says so itself; residual sums where it does not. */
  readonly blocks?: readonly string[];
}

export interface Node {
  /** Unique; that of the layer where it has one. */
  readonly name: string;
  /** Numbers of the values that it reads. */
  readonly inputs: readonly number[];
  /** Places in `Model.parameters`. Several nodes may share one. */
  readonly parameters: readonly number[];
  /** Places in `Model.buffers`. */
  readonly buffers: readonly number[];
  readonly operation: Operation;
  /** "FILE:LINE" of the user's code that made its layer. */
  readonly source?: string;
}

export interface Operation {
  /** What the backward pass reads, said beforehand. */
  readonly keeps: Keeps;
  /** Runs inside a tidy. `parameters` are dense float32, valid for this call only. */
  forward(inputs: readonly Tensor[], parameters: readonly Tensor[], pass: Pass): Forward;
  /**
   * Gradients of inputs and parameters, given that of the output. Runs inside a tidy. `wanted` says which inputs anybody asks
   * for; the others may be left undefined. May return `outputGradient` itself.
   */
  backward(outputGradient: Tensor, kept: Kept, parameters: readonly Tensor[], wanted: readonly boolean[]): Gradients;
  /** Floating-point operations of one forward pass, a multiplication and an addition counting as two. */
  flops?(inputs: readonly (readonly number[])[], output: readonly number[]): number;
}

export interface Keeps {
  /** Places among its inputs. */
  readonly inputs: readonly number[];
  readonly output: boolean;
  /** Whether `forward` returns extras: further tensors, or a recording, that only another forward pass can bring back. */
  readonly extras: boolean;
}

/** What a forward pass depends on beside its inputs. */
export interface Pass {
  /** Batch statistics and dropout, or moving statistics and none. */
  readonly training: boolean;
  /** Of the node in this step and slice of the batch, at least 1; the same when the pass is repeated. */
  readonly seed: number;
  /** Slices that the batch is cut into, each with statistics of its own. */
  readonly slices: number;
  /** The node's buffers as they are now. */
  readonly buffers: readonly Tensor[];
  /** Nothing will be asked of the backward pass: no extras are needed. */
  readonly forgetful: boolean;
}

export interface Forward {
  readonly output: Tensor;
  readonly extras?: readonly Tensor[];
  /** Handed to `backward` as it is. Holds no tensor of its own. */
  readonly recording?: unknown;
  /** The node's buffers as they shall be from now on; a repeated pass drops them. */
  readonly buffers?: readonly Tensor[];
}

export interface Kept {
  /** By place among the inputs; undefined where `keeps` does not name it. */
  readonly inputs: readonly (Tensor | undefined)[];
  readonly output: Tensor | undefined;
  readonly extras: readonly Tensor[];
  readonly recording: unknown;
  readonly seed: number;
  readonly buffers: readonly Tensor[];
  /** Shapes of all inputs, kept or not. */
  readonly inputShapes: readonly (readonly number[])[];
}

export interface Gradients {
  readonly inputs: readonly (Tensor | undefined)[];
  readonly parameters: readonly Tensor[];
  /** Returned on the oracle alone, where a sum over several nodes must round as TensorFlow.js's own does. */
  readonly further?: FurtherTerms;
}

/** By place among inputs and parameters: terms to add to its gradient after the one that is returned for it, one at a time and in this order. */
export interface FurtherTerms {
  readonly inputs?: readonly (readonly Tensor[])[];
  readonly parameters?: readonly (readonly Tensor[])[];
}

export interface Penalty {
  readonly name: string;
  readonly parameters: readonly number[];
  /** A scalar, added to the loss. */
  value(parameters: readonly Tensor[]): Tensor;
  /** Gradients of `value`, times `scale`. */
  gradients(parameters: readonly Tensor[], scale: number): readonly Tensor[];
}

/** The mean over what a batch is weighed by: examples, or tokens where an example is a sequence of predictions. */
export interface Loss {
  readonly name: string;
  /** Runs inside a tidy. */
  forward(output: Tensor, labels: Tensor): LossForward;
  /** The gradient for the output, times `scale`. Runs inside a tidy. */
  backward(scale: number, extras: readonly Tensor[], labels: Tensor, recording: unknown): Tensor;
  /** How many examples are predicted rightly; absent where nothing can be right or wrong. Arrays row by row. */
  readonly countCorrect?: (output: ArrayLike<number>, labels: ArrayLike<number>, examples: number) => number;
}

export interface LossForward {
  /** A scalar. */
  readonly loss: Tensor;
  readonly extras: readonly Tensor[];
  readonly recording?: unknown;
  /** [2], in place of `countCorrect` where the output is too large to leave the device: right predictions, and all predictions. */
  readonly hits?: Tensor;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** A shape whose lengths are all known; throws for one whose differ from batch to batch. */
export function fixedShape(shape: readonly (number | null)[]): readonly number[] {
  const lengths = shape.filter(length => length !== null);
  if (lengths.length < shape.length) throw new Error(`The shape [${shape.map(length => length ?? 'any').join(', ')}] must have all its lengths.`);
  return lengths;
}
