/** Maximum over windows of `size` by `size`, stride `size`. Saved for backward: input and output, to find each maximum again. */
import { engine, maxPool, type Tensor4D } from '@tensorflow/tfjs-core';
import type { Layer } from './model';
import { operation } from './operation';

export function maxPooling(name: string, size: number): Layer {
  return {
    name,
    parameters: [],
    apply: (_, input) => operation({ input }, save => {
      const output = maxPool(input as Tensor4D, size, size, 'valid');
      save([input, output]);
      return output;
    }, (outputGradient, saved) => ({
      input: () => {
        const [x, y] = saved as [Tensor4D, Tensor4D];
        return engine().runKernel('MaxPoolGrad', { dy: outputGradient, input: x, output: y }, { filterSize: size, strides: size, pad: 'valid' });
      },
    })),
  };
}
