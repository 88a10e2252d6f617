/**
 * Batch normalisation over all dimensions but the last, with or without a ReLU after it (arXiv 1502.03167):
 * x^ = (x - mean) / sqrt(variance + epsilon), y = [ReLU](gamma x^ + beta), with x [..., channels] and the rest [channels].
 * Kept: x, the batch's mean and variance, and under ReLU y, whose sign is its mask; what lies between x and y is not:
 * 4 * (|x| + |y| + 2 channels) bytes, of which x and y are usually kept by their neighbours as well.
 * Buffers: moving mean and variance, v <- v - (v - batch's) (1 - momentum), as tfjs-layers does it. Where the batch is cut into k
 * slices, each has statistics of its own (ghost batch normalisation, arXiv 1705.08741) and moves the buffers by momentum^(1/k), so that
 * k slices weigh as one batch.
 */
import { batchNorm, mul, relu, sub, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { sizeOf, type Forward, type Pass } from '../model';
import { batchMoments, normalizationGradients } from './batchNormalizationGradient';
import { present, type WeightedOperation } from './onWeights';
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
export function batchNormalization({ momentum, epsilon, center, scale, relu: hasRelu }: BatchNormalizationOptions): WeightedOperation {
  const named = (weights: readonly Tensor[]) => ({ gamma: scale ? weights[0] : undefined, beta: center ? weights[scale ? 1 : 0] : undefined });
  const normalized = (x: Tensor, mean: Tensor, variance: Tensor, weights: readonly Tensor[]) => {
    const { gamma, beta } = named(weights);
    const y = batchNorm(x, mean as Tensor1D, variance as Tensor1D, beta as Tensor1D | undefined, gamma as Tensor1D | undefined, epsilon);
    if (!hasRelu) return y;
    const rectified = relu(y);
    y.dispose();
    return rectified;
  };
  return {
    weights: Number(scale) + Number(center),
    keeps: () => ({ inputs: [0], output: hasRelu, extras: true }),
    forward([input], weights, pass): Forward {
      const x = present(input);
      const moving = pass.buffers;
      if (!pass.training) return { output: normalized(x, present(moving[0]), present(moving[1]), weights) };
      const { mean, variance } = batchMoments(x);
      return {
        output: normalized(x, mean, variance, weights),
        ...(pass.forgetful ? {} : { extras: [mean, variance] }),
        buffers: [moved(present(moving[0]), mean, momentum, pass), moved(present(moving[1]), variance, momentum, pass)],
      };
    },
    backward(outputGradient, kept, weights, wanted) {
      const d = hasRelu ? reluGradient(outputGradient, present(kept.output)) : outputGradient;
      const [mean, variance] = kept.extras;
      const { gamma, beta } = named(weights);
      const gradients = normalizationGradients({ x: present(kept.inputs[0]), d, mean: present(mean), variance: present(variance), gamma, beta, epsilon, isInputWanted: wanted.inputs[0] === true });
      const [dx, ...further] = gradients.x;
      return {
        inputs: [dx],
        weights: [...(scale ? [gradients.gamma] : []), ...(center ? [gradients.beta] : [])],
        ...(further.length === 0 ? {} : { furtherTerms: [further] }),
      };
    },
    // Mean, squared deviations and their mean, then centred, scaled and shifted.
    flops: (_, output) => sizeOf(output) * (7 + Number(center) + Number(hasRelu)),
  };
}

function moved(value: Tensor, batchValue: Tensor, momentum: number, { slices }: Pass): Tensor {
  const decay = 1 - (slices > 1 ? momentum ** (1 / slices) : momentum);
  return sub(value, mul(sub(value, batchValue), decay));
}
