/**
 * Fully connected layer: y = activation(x W + b), with x [batch, inputs], W [inputs, units], b [units].
 * Saved for backward: x and, under ReLU, y (its sign is the mask): 4 * batch * (inputs + units) bytes, of which x is
 * usually the y of the layer before. dz = dy * [y > 0]; dW = x^T dz; db = sum over the batch of dz; dx = dz W^T.
 */
import { matMul, mul, step, sum, tidy, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { fusedDense } from './fused';
import type { Layer } from './model';
import { once, operation } from './operation';

export function dense(name: string, inputs: number, units: number, activation: 'relu' | 'linear'): Layer {
  return {
    name,
    parameters: [
      // He initialisation under ReLU (arXiv 1502.01852), Glorot's fan-in form without.
      { name: `${name}/kernel`, shape: [inputs, units], deviation: Math.sqrt((activation === 'relu' ? 2 : 1) / inputs) },
      { name: `${name}/bias`, shape: [units], deviation: 0 },
    ],
    apply([kernel, bias], input, needsInputGradient) {
      if (kernel === undefined || bias === undefined) throw new Error(`${name} needs its kernel and bias`);
      const inputsOnTape: Record<string, Tensor> = needsInputGradient ? { input, kernel, bias } : { kernel, bias };
      return operation(inputsOnTape, save => {
        const output = fusedDense(input, kernel, bias, activation);
        save(activation === 'relu' ? [input, kernel, output] : [input, kernel]);
        return output;
      }, (outputGradient, saved) => {
        const [x, w, y] = saved as [Tensor2D, Tensor2D, Tensor2D | undefined];
        // The mask dies at once, not with the whole layer.
        const dz = once(() => (y === undefined ? outputGradient : tidy(() => mul(outputGradient, step(y)))) as Tensor2D);
        return {
          input: () => matMul(dz(), w, false, true),
          kernel: () => matMul(x, dz(), true, false),
          bias: () => sum(dz(), 0),
        };
      });
    },
  };
}
