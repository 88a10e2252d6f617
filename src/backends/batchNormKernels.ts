/**
 * Batch normalisation over all axes but the last, as training runs it, with the ReLU that may follow it. For x of n positions in each
 * of C channels (positions: examples, rows, columns):
 *
 *   forward   mean = sum x / n,  variance = sum (x - mean)^2 / n,  y = (x - mean) inverse scale + offset,
 *             inverse = 1 / sqrt(variance + epsilon),  with ReLU y = max(y, 0)
 *   backward  d = dy, with ReLU dy where y > 0 and else 0;  xhat = (x - mean) inverse;
 *             dOffset = sum d,  dScale = sum d xhat,  dx = inverse scale (d - dOffset / n - xhat dScale / n)
 *
 * (Ioffe and Szegedy, arXiv 1502.03167, section 3.) The backward pass reads x, the statistics and, with ReLU, y; it keeps no xhat and
 * no mask. Variance is the biased one, which moving statistics take as well.
 *
 * A backend may register a kernel for either, under the names below, with the inputs and attributes that these functions pass; where it
 * has none, the same is composed of the engine's operations. x, y, dy, dx [..., C]; all others [C]; all float32. Bytes: the results;
 * composed, several tensors of x's size besides.
 */
import { add, batchNorm, mean as meanOf, mul, relu as reluOf, rsqrt, squaredDifference, step, sum, tidy, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { ownKernel } from './ownKernel';

/** Inputs x, scale?, offset?; attributes `BatchNormAttributes`; outputs [y, mean, variance]. */
export const batchNormTrainingName = 'BatchNormTraining';
/** Inputs dy, x, mean, variance, scale?, y (with ReLU); attributes `BatchNormAttributes`; outputs [dx, dScale, dOffset]. */
export const batchNormTrainingGradientName = 'BatchNormTrainingGradient';

export interface BatchNormAttributes {
  readonly epsilon: number;
  /** Whether a ReLU follows. */
  readonly relu: boolean;
}

export interface Normalised {
  readonly y: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
}

export interface ToNormalise {
  readonly x: Tensor;
  /** Ones where absent. */
  readonly scale?: Tensor | undefined;
  /** Zeros where absent. */
  readonly offset?: Tensor | undefined;
}

export interface ForGradient {
  readonly dy: Tensor;
  readonly x: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
  readonly scale?: Tensor | undefined;
  /** What the forward pass returned; read with ReLU only. */
  readonly y?: Tensor | undefined;
}

export interface NormalisedGradients {
  readonly dx: Tensor;
  readonly dScale: Tensor;
  readonly dOffset: Tensor;
}

export function batchNormTraining(inputs: ToNormalise, attributes: BatchNormAttributes): Normalised {
  const [y, mean, variance] = (ownKernel(batchNormTrainingName, { ...inputs }, attributes) as Three | undefined) ?? tidy(() => normalise(inputs, attributes));
  return { y, mean, variance };
}

export function batchNormTrainingGradient(inputs: ForGradient, attributes: BatchNormAttributes): NormalisedGradients {
  const [dx, dScale, dOffset] = (ownKernel(batchNormTrainingGradientName, { ...inputs }, attributes) as Three | undefined) ?? tidy(() => differentiate(inputs, attributes));
  return { dx, dScale, dOffset };
}

type Three = [Tensor, Tensor, Tensor];

const positionsOf = (x: Tensor) => x.shape.slice(0, -1).map((_, axis) => axis);

function normalise({ x, scale, offset }: ToNormalise, { epsilon, relu }: BatchNormAttributes): Three {
  const axes = positionsOf(x);
  const mean = meanOf(x, axes);
  const variance = tidy(() => meanOf(squaredDifference(x, mean), axes));
  const y = affine({ x, mean, variance }, epsilon, scale, offset);
  return [relu ? reluOf(y) : y, mean, variance];
}

function differentiate({ dy, y, scale, ...rest }: ForGradient, { epsilon, relu }: BatchNormAttributes): Three {
  if (relu && y === undefined) throw new Error('The gradient of batch normalisation with ReLU reads y, which was not given.');
  const axes = positionsOf(rest.x);
  const d = relu && y !== undefined ? mul(dy, step(y)) : dy;
  const dOffset = sum(d, axes);
  const dScale = tidy(() => sum(mul(d, affine(rest, epsilon)), axes));
  const inverse = rsqrt(add(rest.variance, epsilon));
  const factor = scale === undefined ? inverse : mul(inverse, scale);
  const share = mul(factor, -(rest.x.shape.at(-1) ?? 1) / rest.x.size);
  // What is taken off factor d is itself a normalisation of x, with a scale and an offset of its own.
  const dx = add(mul(d, factor), affine(rest, epsilon, mul(share, dScale), mul(share, dOffset)));
  return [dx, dScale, dOffset];
}

/** xhat scale + offset, by a kernel that every backend has. */
function affine({ x, mean, variance }: Pick<ForGradient, 'x' | 'mean' | 'variance'>, epsilon: number, scale?: Tensor, offset?: Tensor): Tensor {
  return batchNorm(x, mean as Tensor1D, variance as Tensor1D, offset as Tensor1D | undefined, scale as Tensor1D | undefined, epsilon);
}
