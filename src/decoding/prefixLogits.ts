/** Asks a model's graph what follows prefixes: of its output [prefixes, length, vocabulary] the last position leaves the device. */
import { slice, tensor2d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { StartedInference } from '../gradients/inference';
import type { NextToken } from './hypothesis';

export function prefixLogits(started: StartedInference): NextToken {
  return {
    logits: async (prefixes, length, sentences) => {
      const output = tidy(() => lastOf(started.next(sentences, [tensor2d(prefixes, [sentences.length, length], 'int32')])));
      try {
        return await output.data<'float32'>();
      } finally {
        output.dispose();
      }
    },
  };
}

function lastOf(output: Tensor): Tensor {
  const [rows = 0, length = 0, vocabulary] = output.shape;
  if (output.rank !== 3 || vocabulary === undefined) throw new Error(`A model that is to be decoded must predict a token for every position, but its output has the shape [${output.shape.join(', ')}].`);
  return slice(output, [0, length - 1, 0], [rows, 1, vocabulary]);
}
