/**
 * Fully connected layer: y = activation(x W + b), with x [batch, inputs], W [inputs, units], b [units].
 * Kept for backward: x and, under ReLU, y (its sign is the mask): 4 * batch * (inputs + units) bytes, of which x is
 * usually the y of the layer before. dz = dy * [y > 0]; dW = x^T dz; db = sum over the batch of dz; dx = dz W^T.
 */
import { matMul, mul, step, sum, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Layer } from './chain';
import { fusedDense } from './fused';

export function dense(name: string, inputs: number, units: number, activation: 'relu' | 'linear'): Layer {
  return {
    name,
    parameters: [
      // He initialisation under ReLU (arXiv 1502.01852), Glorot's fan-in form without.
      { name: `${name}/kernel`, shape: [inputs, units], deviation: Math.sqrt((activation === 'relu' ? 2 : 1) / inputs) },
      { name: `${name}/bias`, shape: [units], deviation: 0 },
    ],
    operation: {
      keeps: { inputs: [0], output: activation === 'relu', extras: false },
      forward: ([input], [kernel, bias]) => ({ output: fusedDense(input as Tensor, kernel as Tensor, bias as Tensor, activation) }),
      backward: (dy, { inputs: [x], output: y }, [kernel], [inputWanted]) => {
        const dz = (y === undefined ? dy : mul(dy, step(y))) as Tensor2D;
        return {
          inputs: [inputWanted === true ? matMul(dz, kernel as Tensor2D, false, true) : undefined],
          parameters: [matMul(x as Tensor2D, dz, true, false), sum(dz, 0)],
        };
      },
      flops: ([[batch = 0] = []]) => 2 * batch * inputs * units,
    },
  };
}
