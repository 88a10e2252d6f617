/** y = f(x), element by element or over the last dimension, for functions whose gradient is known from y alone: y is kept and x is not. */
import { elu, mul, relu, scalar, sigmoid, softmax, square, sub, tanh, type Tensor } from '@tensorflow/tfjs-core';
import { sizeOf, type Operation } from '../model';
import { present } from './onWeights';
import { reluGradient } from './reluGradient';
import { runKernel } from './runKernel';
import { softmaxGradient } from './softmaxGradient';

interface Activation {
  readonly apply: (x: Tensor) => Tensor;
  readonly gradient: (dy: Tensor, y: Tensor) => Tensor;
  /** Floating-point operations of one element, an exponential counting as one. */
  readonly flops: number;
}

/** The gradients multiply in the order in which TensorFlow.js's own do, so that they round alike. */
const activations = {
  relu: { apply: x => relu(x), gradient: reluGradient, flops: 1 },
  sigmoid: { apply: x => sigmoid(x), gradient: (dy, y) => mul(dy, mul(y, sub(scalar(1), y))), flops: 4 },
  tanh: { apply: x => tanh(x), gradient: (dy, y) => mul(sub(scalar(1), square(y)), dy), flops: 1 },
  elu: { apply: x => elu(x), gradient: (dy, y) => runKernel('EluGrad', { dy, y }, {}), flops: 2 },
  softmax: {
    apply: x => softmax(x),
    gradient: softmaxGradient,
    flops: 5,
  },
} satisfies Readonly<Record<string, Activation>>;

export type ActivationName = keyof typeof activations;

export function isActivationName(name: string): name is ActivationName {
  return Object.hasOwn(activations, name);
}

export function activation(name: ActivationName): Operation {
  const { apply, gradient, flops }: Activation = activations[name];
  return {
    keeps: { inputs: [], output: true, extras: false },
    forward: ([x]) => ({ output: apply(present(x)) }),
    backward: (outputGradient, kept) => ({ inputs: [gradient(outputGradient, present(kept.output))], parameters: [] }),
    flops: (_, output) => flops * sizeOf(output),
  };
}
