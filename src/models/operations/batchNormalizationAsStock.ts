/**
 * Batch normalisation on the oracle, as TensorFlow.js computes it: x^ = (x - mean) / sqrt(variance + epsilon), y = gamma x^ + beta, by
 * moments and batchNorm. Its gradients are those of the same operations, run again under TensorFlow.js's own tape, bit for bit.
 */
import { batchNorm, moments, onesLike, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { present } from './onWeights';
import { record, walkBack } from './recordedTape';

export interface Affine {
  readonly gamma: Tensor | undefined;
  readonly beta: Tensor | undefined;
  readonly epsilon: number;
}

export interface ReplayedGradients {
  /** Terms to add one by one. */
  readonly x: readonly Tensor[];
  readonly gamma: Tensor | undefined;
  readonly beta: Tensor | undefined;
}

export function batchMoments(x: Tensor): { mean: Tensor; variance: Tensor } {
  return moments(x, x.shape.slice(0, -1).map((_, axis) => axis));
}

export function normalized(x: Tensor, mean: Tensor, variance: Tensor, { gamma, beta, epsilon }: Affine): Tensor {
  return batchNorm(x, mean as Tensor1D, variance as Tensor1D, beta as Tensor1D | undefined, gamma as Tensor1D | undefined, epsilon);
}

/** `d` is the gradient of what was normalised, before any ReLU. */
export function replayedGradients(x: Tensor, d: Tensor, affine: Affine, isInputWanted: boolean): ReplayedGradients {
  const { gamma, beta } = affine;
  const sources = [...(isInputWanted ? [x] : []), ...[gamma, beta].filter(weight => weight !== undefined)];
  const { result, nodes } = record(() => {
    const { mean, variance } = batchMoments(x);
    // TensorFlow.js cannot take the gradient where there is no scale.
    return normalized(x, mean, variance, { ...affine, gamma: gamma ?? onesLike(mean) });
  }, () => sources, output => output);
  const terms = walkBack({ nodes, output: result, outputGradient: d, sources, apart: true, passed: node => { node.saved.forEach(saved => { saved.dispose(); }); } });
  const of = (weight: Tensor | undefined) => weight && present(terms[sources.indexOf(weight)]?.[0]);
  return { x: isInputWanted ? present(terms[0]) : [], gamma: of(gamma), beta: of(beta) };
}
