/** y = sum of all inputs, of one shape. Keeps nothing: the gradient of each is that of the output. */
import { add, clone, type Tensor } from '@tensorflow/tfjs-core';
import { sizeOf, type Operation } from '../model';
import { present } from './onWeights';

export function sum(): Operation {
  return {
    keeps: { inputs: [], output: false, extras: false },
    forward: inputs => ({ output: added(inputs) }),
    // Each gradient is a tensor of its own, of one buffer.
    backward: (outputGradient, _, __, wanted) => ({ inputs: wanted.map(isWanted => isWanted ? clone(outputGradient) : undefined), parameters: [] }),
    flops: (inputs, output) => (inputs.length - 1) * sizeOf(output),
  };
}

function added(inputs: readonly Tensor[]): Tensor {
  const [first, ...others] = inputs;
  if (others.length === 0) return clone(present(first));
  return others.reduce<Tensor>((total, each) => {
    const next = add(total, each);
    if (total !== first) total.dispose();
    return next;
  }, present(first));
}
