/**
 * The largest value or the mean over windows of x [batch, height, width, channels]. The maximum keeps x and y, to find its place again:
 * 4 * (|x| + |y|) bytes; the mean keeps nothing.
 */
import { avgPool, maxPool, zeros, type Tensor4D } from '@tensorflow/tfjs-core';
import { sizeOf, type Operation } from '../model';
import { present } from './onWeights';
import { runKernel } from './runKernel';

export interface PoolingOptions {
  readonly kind: 'max' | 'average';
  readonly size: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly pad: 'same' | 'valid';
}

export function pooling({ kind, size, strides, pad }: PoolingOptions): Operation {
  const isMaximum = kind === 'max';
  const attributes = { filterSize: size, strides, pad };
  return {
    keeps: { inputs: isMaximum ? [0] : [], output: isMaximum, extras: false },
    forward: ([x]) => ({ output: (isMaximum ? maxPool : avgPool)(x as Tensor4D, [...size], [...strides], pad) }),
    backward(outputGradient, kept, _, [isWanted]) {
      if (isWanted !== true) return { inputs: [undefined], parameters: [] };
      const gradient = isMaximum
        ? runKernel('MaxPoolGrad', { dy: outputGradient, input: present(kept.inputs[0]), output: present(kept.output) }, attributes)
        // The kernel reads nothing but the shape of its input.
        : runKernel('AvgPoolGrad', { dy: outputGradient, input: zeros([...present(kept.inputShapes[0])]) }, attributes);
      return { inputs: [gradient], parameters: [] };
    },
    flops: (_, output) => sizeOf(output) * size[0] * size[1],
  };
}
