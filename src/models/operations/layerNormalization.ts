/**
 * Layer normalisation over the last dimension (arXiv 1607.06450): y = gamma x^ + beta, with x [..., features], x^ of mean 0 and variance 1
 * row by row, gamma and beta [features]. Kept: x, 4 |x| bytes, which is usually kept by its neighbour as well; `layerNormKernels.ts` has
 * the gradients. On the oracle tfjs-layers' own sequence of operations is run again under its tape, so that gradients are its own, bit
 * for bit.
 */
import { batchNorm, moments, onesLike, reshape, tidy, tile, zerosLike, type Tensor } from '@tensorflow/tfjs-core';
import { engine } from '../../backends/engine';
import { layerNorm, layerNormGradient } from '../../backends/layerNormKernels';
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
    keeps: () => ({ inputs: [0], output: false, extras: false }),
    forward([input], weights) {
      const x = present(input);
      const { gamma, beta } = named(weights);
      return { output: isOracle() ? tidy(() => asTensorFlow(x, gamma, beta, epsilon)) : layerNorm(x, gamma, beta, epsilon) };
    },
    backward(outputGradient, kept, weights, wanted) {
      const x = present(kept.inputs[0]);
      const { gamma, beta } = named(weights);
      if (isOracle()) return replayed(x, outputGradient, gamma, beta, epsilon);
      const { dx, dGamma, dBeta } = layerNormGradient(outputGradient, x, gamma, epsilon);
      return { inputs: [wanted.inputs[0] === true ? dx : undefined], weights: [...(scale ? [dGamma] : []), ...(center ? [dBeta] : [])] };
    },
    flops: (_, output) => sizeOf(output) * (7 + Number(center) + Number(scale)),
  };
}

function isOracle(): boolean {
  return engine().backendName === 'cpu';
}

/** tfjs-layers gives batchNorm every operand in the shape of x. */
function asTensorFlow(x: Tensor, gamma: Tensor | undefined, beta: Tensor | undefined, epsilon: number): Tensor {
  const { mean: middle, variance } = moments(x, -1, true);
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
  const { result, nodes } = record(() => asTensorFlow(x, gamma, beta, epsilon), () => sources, output => output);
  const [ofX = [], ...ofWeights] = walkBack({ nodes, output: result, outputGradient, sources, apart: true, passed: node => { node.saved.forEach(saved => { saved.dispose(); }); } });
  return { inputs: [ofX[0]], further: { inputs: [ofX.slice(1)] }, weights: ofWeights.map(terms => present(terms[0])) };
}
