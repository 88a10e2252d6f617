/**
 * Convolution with stride 1 and "same" padding, bias and ReLU: x [batch, height, width, channels], filter
 * [size, size, channels, filters], y [batch, height, width, filters]. Kept for backward: x and y, whose sign is ReLU's mask.
 */
import { engine, mul, step, sum, type Tensor } from '@tensorflow/tfjs-core';
import type { Layer } from './chain';
import { fusedConvolution } from './fused';

export function convolution(name: string, channels: number, filters: number, size: number): Layer {
  return {
    name,
    parameters: [
      { name: `${name}/kernel`, shape: [size, size, channels, filters], deviation: Math.sqrt(2 / (size * size * channels)) },
      { name: `${name}/bias`, shape: [filters], deviation: 0 },
    ],
    operation: {
      keeps: { inputs: [0], output: true, extras: false },
      forward: ([input], [kernel, bias]) => ({ output: fusedConvolution(input as Tensor, kernel as Tensor, bias as Tensor, 'relu') }),
      backward: (dy, { inputs: [x], output: y }, [filter], [inputWanted]) => {
        const dz = mul(dy, step(y as Tensor));
        return {
          inputs: [inputWanted === true ? gradient('Conv2DBackpropInput', { dy: dz, filter: filter as Tensor }, { inputShape: (x as Tensor).shape }) : undefined],
          parameters: [gradient('Conv2DBackpropFilter', { x: x as Tensor, dy: dz }, { filterShape: (filter as Tensor).shape }), sum(dz, [0, 1, 2])],
        };
      },
      flops: (_, [batch = 0, height = 0, width = 0]) => 2 * batch * height * width * size * size * channels * filters,
    },
  };
}

function gradient(kernelName: string, inputs: Record<string, Tensor>, shape: Record<string, number[]>): Tensor {
  return engine().runKernel(kernelName, inputs, { strides: 1, pad: 'same', dataFormat: 'NHWC', ...shape });
}
