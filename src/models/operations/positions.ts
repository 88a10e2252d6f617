/**
 * What tells a model of sequences where a vector stands: y = x + e, with x [batch, length, width] and e [length, width] the same for
 * all examples. Keeps nothing: dx = dy, and the gradient of positions that are learned is the sum of dy over the batch.
 *
 * Sinusoidal (arXiv 1706.03762, section 3.5), as tensor2tensor and fairseq lay them out: sines in the first half of the width and
 * cosines in the second, e[t, i] = sin(t r_i), e[t, half + i] = cos(t r_i), r_i = 10000^(-i / (half - 1)), half = floor(width / 2);
 * what an odd width leaves over is 0.
 */
import { add, clone, pad, reshape, slice, sum, tensor, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { sizeOf, type Operation } from '../model';
import { present, type WeightedOperation } from './onWeights';

export function sinusoidalPositions(): Operation {
  return {
    keeps: { inputs: [], output: false, extras: false },
    forward: ([x]) => ({ output: withSinusoids(present(x)) }),
    backward: outputGradient => ({ inputs: [outputGradient], parameters: [] }),
    flops: (_, output) => sizeOf(output),
  };
}

/** Weights: the table of e [longest, width]. */
export function learnedPositions(): WeightedOperation {
  return {
    weights: 1,
    keeps: () => ({ inputs: [], output: false, extras: false }),
    forward: ([x], [table]) => ({ output: withLearned(present(x), present(table)) }),
    backward(outputGradient, _, [table], wanted) {
      const [longest = 0] = present(table).shape;
      const [, length = 0] = outputGradient.shape;
      return {
        inputs: [wanted.inputs[0] === true ? clone(outputGradient) : undefined],
        weights: [wanted.weights[0] === true ? pad(sum(outputGradient, 0), [[0, longest - length], [0, 0]]) : undefined],
      };
    },
    flops: (_, output) => sizeOf(output),
  };
}

export function withSinusoids(x: Tensor): Tensor {
  const [, length = 0, width = 0] = x.shape;
  return add(x, tensor(sinusoids(length, width), [length, width]));
}

export function withLearned(x: Tensor, table: Tensor): Tensor {
  const [, length = 0, width = 0] = x.shape;
  const [longest = 0] = table.shape;
  if (length > longest) throw new Error(`A sequence has ${length} tokens; this model has learned positions for ${longest}. Shorten the sequences to ${longest} tokens, or make the model with more positions.`);
  return add(x, reshape(slice(table as Tensor2D, [0, 0], [length, width]), [1, length, width]));
}

/** Row by row. */
export function sinusoids(length: number, width: number): Float32Array {
  const half = Math.floor(width / 2);
  const table = new Float32Array(length * width);
  for (let place = 0; place < half; place++) {
    const rate = Math.exp(-place * Math.log(10000) / Math.max(half - 1, 1));
    for (let time = 0; time < length; time++) {
      table[time * width + place] = Math.sin(time * rate);
      table[time * width + half + place] = Math.cos(time * rate);
    }
  }
  return table;
}
