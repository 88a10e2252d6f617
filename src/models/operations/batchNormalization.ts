/**
 * Batch normalisation over all dimensions but the last, with or without a ReLU after it (arXiv 1502.03167):
 * x^ = (x - mean) / sqrt(variance + epsilon), y = [ReLU](gamma x^ + beta), with x [..., channels] and the rest [channels].
 * Kept: x, the batch's mean and variance, and under ReLU y, whose sign is its mask; what lies between x and y is not:
 * 4 * (|x| + |y| + 2 channels) bytes, of which x and y are usually kept by their neighbours as well.
 * Buffers: moving mean and variance, v <- v - (v - batch's) (1 - momentum), as tfjs-layers does it. Where the batch is cut into k
 * slices, each has statistics of its own (ghost batch normalisation, arXiv 1705.08741) and moves the buffers by momentum^(1/k), so that
 * k slices weigh as one batch.
 */
import { mul, relu, sub, type Tensor } from '@tensorflow/tfjs-core';
import { batchNormTraining, batchNormTrainingGradient } from '../../backends/batchNormKernels';
import { engine } from '../../backends/engine';
import { sizeOf, type Kept, type Pass } from '../model';
import { batchMoments, normalized, replayedGradients, type Affine } from './batchNormalizationAsStock';
import { present, type WeightedGradients, type WeightedOperation } from './onWeights';
import { reluGradient } from './reluGradient';

export interface BatchNormalizationOptions {
  readonly momentum: number;
  readonly epsilon: number;
  /** Whether there is a beta. */
  readonly center: boolean;
  /** Whether there is a gamma. */
  readonly scale: boolean;
  readonly relu: boolean;
}

/** Weights: gamma with `scale`, then beta with `center`. Buffers: moving mean, moving variance. */
export function batchNormalization(options: BatchNormalizationOptions): WeightedOperation {
  const { momentum, epsilon, center, scale, relu: hasRelu } = options;
  const affineOf = (weights: readonly Tensor[]): Affine => ({ gamma: scale ? weights[0] : undefined, beta: center ? weights[scale ? 1 : 0] : undefined, epsilon });
  return {
    weights: Number(scale) + Number(center),
    keeps: () => ({ inputs: [0], output: hasRelu, extras: true }),
    forward([input], weights, pass) {
      const x = present(input);
      const [movingMean, movingVariance] = pass.buffers as readonly [Tensor, Tensor];
      if (!pass.training) return { output: rectified(normalized(x, movingMean, movingVariance, affineOf(weights)), hasRelu) };
      const { output, mean, variance } = trained(x, affineOf(weights), hasRelu);
      return {
        output,
        ...(pass.forgetful ? {} : { extras: [mean, variance] }),
        buffers: [moved(movingMean, mean, momentum, pass), moved(movingVariance, variance, momentum, pass)],
      };
    },
    backward: (outputGradient, kept, weights, wanted) => {
      const { gamma, beta, ...gradients } = differentiated(outputGradient, kept, affineOf(weights), hasRelu, wanted.inputs[0] === true);
      return { ...gradients, weights: [...(scale ? [gamma] : []), ...(center ? [beta] : [])] };
    },
    // Mean, squared deviations and their mean, then centred, scaled and shifted.
    flops: (_, output) => sizeOf(output) * (7 + Number(center) + Number(hasRelu)),
  };
}

function isOracle(): boolean {
  return engine().backendName === 'cpu';
}

function rectified(y: Tensor, hasRelu: boolean): Tensor {
  if (!hasRelu) return y;
  const output = relu(y);
  y.dispose();
  return output;
}

function trained(x: Tensor, affine: Affine, hasRelu: boolean): { output: Tensor; mean: Tensor; variance: Tensor } {
  if (!isOracle()) {
    const { y, ...statistics } = batchNormTraining({ x, scale: affine.gamma, offset: affine.beta }, { epsilon: affine.epsilon, relu: hasRelu });
    return { output: y, ...statistics };
  }
  const { mean, variance } = batchMoments(x);
  return { output: rectified(normalized(x, mean, variance, affine), hasRelu), mean, variance };
}

function differentiated(dy: Tensor, kept: Kept, affine: Affine, hasRelu: boolean, isInputWanted: boolean): Omit<WeightedGradients, 'weights'> & Pick<Affine, 'gamma' | 'beta'> {
  const x = present(kept.inputs[0]);
  if (isOracle()) {
    const { x: [dx, ...further], gamma, beta } = replayedGradients(x, hasRelu ? reluGradient(dy, present(kept.output)) : dy, affine, isInputWanted);
    return { inputs: [dx], further: { inputs: [further] }, gamma, beta };
  }
  const [mean, variance] = kept.extras as readonly [Tensor, Tensor];
  const { dx, dScale, dOffset } = batchNormTrainingGradient({ dy, x, mean, variance, scale: affine.gamma, y: hasRelu ? present(kept.output) : undefined }, { epsilon: affine.epsilon, relu: hasRelu });
  return { inputs: [dx], gamma: dScale, beta: dOffset };
}

function moved(value: Tensor, batchValue: Tensor, momentum: number, { slices }: Pass): Tensor {
  const decay = 1 - (slices > 1 ? momentum ** (1 / slices) : momentum);
  return sub(value, mul(sub(value, batchValue), decay));
}
