/**
 * Multilayer perceptron, y = softmax(relu(relu(x W1 + b1) W2 + b2) W3 + b3): matrix products and little else.
 * Widths 784, 512, 512, 10 hold 669,706 parameters.
 */
import { add, losses, matMul, oneHot, relu, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import { constant, weights, type BenchModel } from './benchModel';
import { imageData } from './imageData';

export interface MlpSizes {
  readonly batch: number;
  /** Inputs first, classes last. */
  readonly widths: readonly number[];
}

export const fullMlp: MlpSizes = { batch: 128, widths: [784, 512, 512, 10] };
export const smallMlp: MlpSizes = { batch: 16, widths: [30, 24, 17, 10] };

export function mlp({ batch, widths }: MlpSizes): BenchModel {
  const [inputs = 1, ...units] = widths;
  const classes = units.at(-1) ?? 1;
  return {
    name: 'mlp',
    learningRate: 0.05,
    parameters: units.flatMap((width, layer) => [
      weights(`kernel${layer}`, [widths[layer] ?? 1, width], layer === units.length - 1 ? 1 : 2),
      constant(`bias${layer}`, width, 0),
    ]),
    data: random => imageData(random, batch, [inputs], classes),
    loss: (parameters, { inputs: images, labels }) => {
      const logits = units.reduce<Tensor>((activation, _, layer) => {
        const sum = add(matMul(activation, parameters(`kernel${layer}`)), parameters(`bias${layer}`));
        return layer === units.length - 1 ? sum : relu(sum);
      }, images);
      return losses.softmaxCrossEntropy<Tensor, Scalar>(oneHot(labels, classes), logits);
    },
  };
}
