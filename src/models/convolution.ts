/**
 * Convolution with stride 1 and "same" padding, bias and ReLU: x [batch, height, width, channels], filter
 * [size, size, channels, filters], y [batch, height, width, filters]. Saved for backward: x and y, whose sign is ReLU's mask.
 */
import { engine, mul, step, sum, tidy, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { fusedConvolution } from './fused';
import type { Layer } from './model';
import { once, operation } from './operation';

export function convolution(name: string, channels: number, filters: number, size: number): Layer {
  return {
    name,
    parameters: [
      { name: `${name}/kernel`, shape: [size, size, channels, filters], deviation: Math.sqrt(2 / (size * size * channels)) },
      { name: `${name}/bias`, shape: [filters], deviation: 0 },
    ],
    apply([kernel, bias], input, needsInputGradient) {
      if (kernel === undefined || bias === undefined) throw new Error(`${name} needs its kernel and bias`);
      const inputsOnTape: Record<string, Tensor> = needsInputGradient ? { input, kernel, bias } : { kernel, bias };
      return operation(inputsOnTape, save => {
        const output = fusedConvolution(input, kernel, bias, 'relu');
        save([input, kernel, output]);
        return output;
      }, (outputGradient, saved) => {
        const [x, filter, y] = saved as [Tensor4D, Tensor4D, Tensor4D];
        // The mask dies at once, not with the whole layer.
        const dz = once(() => tidy(() => mul(outputGradient, step(y))));
        return {
          input: () => runConvolutionGradient('Conv2DBackpropInput', { dy: dz(), filter }, { inputShape: x.shape }),
          kernel: () => runConvolutionGradient('Conv2DBackpropFilter', { x, dy: dz() }, { filterShape: filter.shape }),
          bias: () => sum(dz(), [0, 1, 2]),
        };
      });
    },
  };
}

function runConvolutionGradient(kernelName: string, inputs: Record<string, Tensor>, shape: Record<string, number[]>): Tensor {
  return engine().runKernel(kernelName, inputs, { strides: 1, pad: 'same', dataFormat: 'NHWC', ...shape });
}
