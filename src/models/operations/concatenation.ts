/** y = the inputs one after another along `axis`. Keeps nothing: the gradient of each is its part of the output's. */
import { clone, concat, slice } from '@tensorflow/tfjs-core';
import type { Operation } from '../model';
import { present } from './onWeights';

export function concatenation(axis: number): Operation {
  return {
    keeps: { inputs: [], output: false, extras: false },
    forward: inputs => ({ output: inputs.length === 1 ? clone(present(inputs[0])) : concat([...inputs], axis) }),
    backward(outputGradient, { inputShapes }, _, wanted) {
      const along = axis < 0 ? outputGradient.rank + axis : axis;
      let next = 0;
      const inputs = inputShapes.map((shape, index) => {
        const begin = shape.map((__, dimension) => (dimension === along ? next : 0));
        next += present(shape[along]);
        return wanted[index] === true ? slice(outputGradient, begin, [...shape]) : undefined;
      });
      return { inputs, parameters: [] };
    },
    flops: () => 0,
  };
}
