/** y [batch, channels] = mean of x over all positions, x [batch, ..., channels]. Keeps nothing: dx = dy / positions, everywhere. */
import { div, mean, reshape, tile } from '@tensorflow/tfjs-core';
import { sizeOf, type Operation } from '../model';
import { present } from './onWeights';

export function globalAveragePooling(): Operation {
  return {
    keeps: { inputs: [], output: false, extras: false },
    forward: ([x]) => ({ output: mean(present(x), present(x).shape.slice(1, -1).map((_, index) => index + 1)) }),
    backward(outputGradient, { inputShapes }, _, [isWanted]) {
      if (isWanted !== true) return { inputs: [undefined], parameters: [] };
      const shape = present(inputShapes[0]);
      const positions = shape.slice(1, -1);
      const [batch = 0, channels = 0] = outputGradient.shape;
      const each = reshape(div(outputGradient, sizeOf(positions)), [batch, ...positions.map(() => 1), channels]);
      return { inputs: [tile(each, [1, ...positions, 1])], parameters: [] };
    },
    flops: ([input = []]) => sizeOf(input),
  };
}
