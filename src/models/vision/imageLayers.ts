/** The layers that residual networks are made of. Batch normalisation moves its statistics by a tenth, as PyTorch's default does. */
import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Initializer } from '../undrawn';

/** Without bias, since batch normalisation follows; "same" padding. */
export function convolution(x: SymbolicTensor, name: string, filters: number, kernelSize: number, strides: number, kernelInitializer: Initializer): SymbolicTensor {
  return layers.conv2d({ name, filters, kernelSize, strides, padding: 'same', useBias: false, kernelInitializer }).apply(x) as SymbolicTensor;
}

export function normalized(x: SymbolicTensor, name: string): SymbolicTensor {
  return layers.batchNormalization({ name, momentum: 0.9, epsilon: 1e-5 }).apply(x) as SymbolicTensor;
}

export function rectified(x: SymbolicTensor, name: string): SymbolicTensor {
  return layers.activation({ name, activation: 'relu' }).apply(x) as SymbolicTensor;
}
