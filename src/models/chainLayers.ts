/** The layers of chains, with names, parameters and how these are drawn. */
import type { Layer } from './chain';
import { convolution as convolutionOf } from './operations/convolution';
import { dense as denseOf } from './operations/dense';
import { onWeights } from './operations/onWeights';
import { pooling } from './operations/pooling';
import { flattening } from './operations/reshaping';

/** Fully connected, with bias. */
export function dense(name: string, inputs: number, units: number, activation: 'relu' | 'linear'): Layer {
  const relu = activation === 'relu';
  return {
    name,
    parameters: [
      // He initialisation under ReLU (arXiv 1502.01852), Glorot's fan-in form without.
      { name: `${name}/kernel`, shape: [inputs, units], deviation: Math.sqrt((relu ? 2 : 1) / inputs) },
      { name: `${name}/bias`, shape: [units], deviation: 0 },
    ],
    operation: onWeights(denseOf({ hasBias: true, relu }), [[inputs, units], [units]]),
  };
}

/** Stride 1, "same" padding, with bias and ReLU. */
export function convolution(name: string, channels: number, filters: number, size: number): Layer {
  const kernel = [size, size, channels, filters];
  return {
    name,
    parameters: [{ name: `${name}/kernel`, shape: kernel, deviation: Math.sqrt(2 / (size * size * channels)) }, { name: `${name}/bias`, shape: [filters], deviation: 0 }],
    operation: onWeights(convolutionOf({ strides: [1, 1], pad: 'same', dilations: [1, 1], hasBias: true, relu: true }), [kernel, [filters]]),
  };
}

/** Over windows of `size` by `size` that do not overlap. */
export function maxPooling(name: string, size: number): Layer {
  return { name, parameters: [], operation: pooling({ kind: 'max', size: [size, size], strides: [size, size], pad: 'valid' }) };
}

export function flatten(name: string): Layer {
  return { name, parameters: [], operation: flattening() };
}
