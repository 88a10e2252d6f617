/**
 * The gradients of Sum and Mean: dy repeated along the axes that were reduced. TensorFlow.js multiplies dy with a tensor of ones, which
 * it fills number by number in JavaScript and copies into the backend. One registry serves all backends; none is slower for it.
 */
import { Mean, Sum, div, registerGradient, reshape, tile, unregisterGradient, util, type Tensor } from '@tensorflow/tfjs-core';

export function registerSumGradients(): void {
  for (const kernelName of [Sum, Mean]) {
    unregisterGradient(kernelName);
    registerGradient({
      kernelName, inputsToSave: ['x'],
      gradFunc: (dy, saved, attributes) => ({ x: () => repeated(dy as Tensor, (saved[0] as Tensor).shape, (attributes as unknown as { axis: number | number[] }).axis, kernelName === Mean) }),
    });
  }
}

function repeated(dy: Tensor, shape: number[], axis: number | number[], isMean: boolean): Tensor {
  const axes = util.parseAxisParam(axis, shape);
  const single = reshape(dy, shape.map((size, i) => axes.includes(i) ? 1 : size));
  const count = axes.reduce((product, i) => product * (shape[i] ?? 1), 1);
  return tile(isMean ? div(single, count) : single, shape.map((size, i) => axes.includes(i) ? size : 1));
}
