/**
 * Mean squared error: loss = mean of (y - t)^2, with the output y [examples, 1] and as many labels t. dy = 2 (y - t) / examples.
 * Kept for backward: y - t. Nothing is right or wrong.
 */
import { cast, mean, mul, reshape, square, sub, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Loss } from './model';

export const meanSquaredError: Loss = {
  name: 'mean squared error',
  forward: (output, labels) => {
    const errors = tidy(() => sub(output, targets(output, labels)));
    return { loss: tidy(() => mean(square(errors))), extras: [errors] };
  },
  backward: (scale, [errors], labels) => mul(errors as Tensor, 2 * scale / labels.size),
};

function targets({ shape, size }: Tensor, labels: Tensor): Tensor {
  if (labels.size !== size) throw new Error(`The labels have the shape [${labels.shape.join(', ')}] and the model's output [${shape.join(', ')}]: the mean squared error takes one value for each.`);
  return reshape(cast(labels, 'float32'), shape);
}
