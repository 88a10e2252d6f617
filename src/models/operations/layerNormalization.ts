/**
 * Layer normalisation over the last dimension (arXiv 1607.06450): x^ = (x - mean) / sqrt(variance + epsilon) row by row,
 * y = gamma x^ + beta, with x [..., features], gamma and beta [features]. Kept: x, mean and variance of each row:
 * 4 * (|x| + 2 rows) bytes, of which x is usually kept by its neighbour as well. With d = dy gamma:
 * dbeta = sum of dy; dgamma = sum of dy x^; dx = (d - mean of d - x^ mean of (d x^)) / sqrt(variance + epsilon), means by row.
 * On the oracle tfjs-layers' own sequence of operations is run again under its tape, so that gradients are its own, bit for bit.
 */
import { add, batchNorm, mean, moments, mul, onesLike, reshape, rsqrt, squaredDifference, sub, sum, tidy, tile, zerosLike, type Tensor } from '@tensorflow/tfjs-core';
import { engine } from '../../backends/engine';
import { sizeOf } from '../model';
import { present, type WeightedGradients, type WeightedOperation } from './onWeights';
import { record, walkBack } from './recordedTape';

export interface LayerNormalizationOptions {
  readonly epsilon: number;
  /** Whether there is a beta. */
  readonly center: boolean;
  /** Whether there is a gamma. */
  readonly scale: boolean;
}

/** Weights: gamma with `scale`, then beta with `center`. */
export function layerNormalization({ epsilon, center, scale }: LayerNormalizationOptions): WeightedOperation {
  const named = (weights: readonly Tensor[]) => ({ gamma: scale ? weights[0] : undefined, beta: center ? weights[scale ? 1 : 0] : undefined });
  return {
    weights: Number(scale) + Number(center),
    keeps: () => ({ inputs: [0], output: false, extras: true }),
    forward([input], weights, pass) {
      const x = present(input);
      const { gamma, beta } = named(weights);
      const { mean: middle, variance } = isOracle() ? moments(x, -1, true) : rowMoments(x);
      const output = tidy(() => {
        if (isOracle()) return asTensorFlow(x, middle, variance, gamma, beta, epsilon);
        const normalized = mul(sub(x, middle), rsqrt(add(variance, epsilon)));
        const scaled = gamma === undefined ? normalized : mul(normalized, gamma);
        return beta === undefined ? scaled : add(scaled, beta);
      });
      return { output, ...(pass.forgetful || !pass.training ? {} : { extras: [middle, variance] }) };
    },
    backward(outputGradient, kept, weights, wanted) {
      const x = present(kept.inputs[0]);
      const { gamma, beta } = named(weights);
      if (isOracle()) return replayed(x, outputGradient, gamma, beta, epsilon);
      const [middle, variance] = kept.extras;
      const inverse = rsqrt(add(present(variance), epsilon));
      const normalized = mul(sub(x, present(middle)), inverse);
      const axes = x.shape.slice(0, -1).map((_, axis) => axis);
      const dx = () => tidy(() => {
        const d = gamma === undefined ? outputGradient : mul(outputGradient, gamma);
        return mul(inverse, sub(sub(d, mean(d, -1, true)), mul(normalized, mean(mul(d, normalized), -1, true))));
      });
      return {
        inputs: [wanted.inputs[0] === true ? dx() : undefined],
        weights: [...(scale ? [sum(mul(outputGradient, normalized), axes)] : []), ...(center ? [sum(outputGradient, axes)] : [])],
      };
    },
    flops: (_, output) => sizeOf(output) * (7 + Number(center) + Number(scale)),
  };
}

function isOracle(): boolean {
  return engine().backendName === 'cpu';
}

function rowMoments(x: Tensor): { mean: Tensor; variance: Tensor } {
  const middle = mean(x, -1, true);
  return { mean: middle, variance: tidy(() => mean(squaredDifference(x, middle), -1, true)) };
}

/** tfjs-layers gives batchNorm every operand in the shape of x. */
function asTensorFlow(x: Tensor, middle: Tensor, variance: Tensor, gamma: Tensor | undefined, beta: Tensor | undefined, epsilon: number): Tensor {
  const last = x.rank - 1;
  const across = x.shape.map((length, axis) => (axis === last ? length : 1));
  const along = x.shape.map((length, axis) => (axis === last ? 1 : length));
  const whole = (weight: Tensor) => tile(reshape(weight, across), along);
  // Under a tape, TensorFlow.js can do without neither scale nor offset.
  const [centers, variances] = [tile(middle, across), tile(variance, across)];
  return batchNorm(x, centers as never, variances as never, (beta === undefined ? zerosLike(x) : whole(beta)) as never, (gamma === undefined ? onesLike(x) : whole(gamma)) as never, epsilon);
}

function replayed(x: Tensor, outputGradient: Tensor, gamma: Tensor | undefined, beta: Tensor | undefined, epsilon: number): WeightedGradients {
  const weights = [gamma, beta].filter(weight => weight !== undefined);
  const sources = [x, ...weights];
  const { result, nodes } = record(() => {
    const { mean: middle, variance } = moments(x, -1, true);
    return asTensorFlow(x, middle, variance, gamma, beta, epsilon);
  }, () => sources, output => output);
  const [ofX = [], ...ofWeights] = walkBack({ nodes, output: result, outputGradient, sources, apart: true, passed: node => { node.saved.forEach(saved => { saved.dispose(); }); } });
  return { inputs: [ofX[0]], further: { inputs: [ofX.slice(1)] }, weights: ofWeights.map(terms => present(terms[0])) };
}
