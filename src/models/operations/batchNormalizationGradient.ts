/**
 * Statistics and gradients of batch normalisation over all dimensions but the last. With x^ = (x - mean) / sqrt(variance + epsilon),
 * n positions and d the gradient of gamma x^ + beta:
 *   dbeta = sum of d;  dgamma = sum of d x^;  dx = gamma / sqrt(variance + epsilon) (d - dbeta / n - x^ dgamma / n).
 * On the oracle TensorFlow.js's own sequence of operations is run again under its tape, so that gradients are its own, bit for bit.
 */
import { add, batchNorm, mean, moments, mul, onesLike, rsqrt, squaredDifference, sum, tidy, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { engine } from '../../backends/engine';
import { present } from './onWeights';
import { record, walkBack } from './recordedTape';

export interface Normalized {
  readonly x: Tensor;
  /** Gradient of what was normalised, before any ReLU. */
  readonly d: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
  readonly gamma: Tensor | undefined;
  readonly beta: Tensor | undefined;
  readonly epsilon: number;
  readonly isInputWanted: boolean;
}

export interface NormalizationGradients {
  /** Terms to add one by one; one where their order does not matter. */
  readonly x: readonly Tensor[];
  readonly gamma: Tensor | undefined;
  readonly beta: Tensor | undefined;
}

export function batchMoments(x: Tensor): { mean: Tensor; variance: Tensor } {
  const axes = axesOf(x);
  if (isOracle()) return moments(x, axes);
  const center = mean(x, axes);
  return { mean: center, variance: tidy(() => mean(squaredDifference(x, center), axes)) };
}

export function normalizationGradients(normalized: Normalized): NormalizationGradients {
  return isOracle() ? asTensorFlow(normalized) : fused(normalized);
}

function isOracle(): boolean {
  return engine().backendName === 'cpu';
}

function axesOf(x: Tensor): number[] {
  return x.shape.slice(0, -1).map((_, axis) => axis);
}

function fused({ x, d, mean: center, variance, gamma, beta, epsilon, isInputWanted }: Normalized): NormalizationGradients {
  const axes = axesOf(x);
  // gamma x^ + beta, whatever they are, in one pass over x.
  const affine = (scale?: Tensor, offset?: Tensor) => batchNorm(x, center as Tensor1D, variance as Tensor1D, offset as Tensor1D | undefined, scale as Tensor1D | undefined, epsilon);
  const dBeta = sum(d, axes);
  const dGamma = tidy(() => {
    const normalized = affine();
    const product = mul(d, normalized);
    normalized.dispose();
    return sum(product, axes);
  });
  if (!isInputWanted) return { x: [], gamma: gamma && dGamma, beta: beta && dBeta };
  const dx = tidy(() => {
    const inverse = rsqrt(add(variance, epsilon));
    const factor = gamma === undefined ? inverse : mul(gamma, inverse);
    const share = mul(factor, -present(x.shape.at(-1)) / x.size);
    const rest = affine(mul(share, dGamma), mul(share, dBeta));
    return add(mul(d, factor), rest);
  });
  return { x: [dx], gamma: gamma && dGamma, beta: beta && dBeta };
}

function asTensorFlow({ x, d, gamma, beta, epsilon, isInputWanted }: Normalized): NormalizationGradients {
  const sources = [...(isInputWanted ? [x] : []), ...[gamma, beta].filter(weight => weight !== undefined)];
  const { result, nodes } = record(() => {
    const { mean: center, variance } = moments(x, axesOf(x));
    // TensorFlow.js cannot take the gradient where there is no scale.
    return batchNorm(x, center as Tensor1D, variance as Tensor1D, beta as Tensor1D | undefined, (gamma ?? onesLike(center)) as Tensor1D, epsilon);
  }, () => sources, output => output);
  const terms = walkBack({ nodes, output: result, outputGradient: d, sources, apart: true, passed: node => { node.saved.forEach(saved => { saved.dispose(); }); } });
  const of = (weight: Tensor | undefined) => weight && present(terms[sources.indexOf(weight)]?.[0]);
  return { x: isInputWanted ? present(terms[0]) : [], gamma: of(gamma), beta: of(beta) };
}
