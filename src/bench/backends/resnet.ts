/**
 * Residual network for small images (arXiv 1512.03385, section 4.2): a 3 x 3 convolution, then stages of blocks
 * relu(x + bn(conv(relu(bn(conv(x)))))). Each stage but the first halves the image and widens the channels; its first
 * shortcut is a 1 x 1 convolution of stride 2. Mean over the image, a dense layer, softmax.
 * Three stages of three blocks with 16, 32 and 64 channels are ResNet-20: 272,282 parameters for 32 x 32 x 3 and ten classes.
 */
import {
  add, batchNorm, conv2d, losses, matMul, mean, moments, oneHot, relu,
  type Scalar, type Tensor, type Tensor1D, type Tensor4D,
} from '@tensorflow/tfjs-core';
import { constant, weights, type BenchModel, type BenchParameter, type Parameters } from './benchModel';
import { imageData } from './imageData';

export interface ResnetSizes {
  readonly batch: number;
  /** Side of the square images, which have three channels. */
  readonly side: number;
  /** Channels of each stage. */
  readonly stages: readonly number[];
  readonly blocksPerStage: number;
  /** Where a rounding turns a ReLU on or off, gradients jump by a hundredth; the longer the steps, the sooner backends part ways. */
  readonly learningRate: number;
}

export const resnet20: ResnetSizes = { batch: 32, side: 32, stages: [16, 32, 64], blocksPerStage: 3, learningRate: 0.02 };
export const smallResnet: ResnetSizes = { batch: 6, side: 9, stages: [4, 7], blocksPerStage: 1, learningRate: 0.1 };

const classes = 10;

interface Block { readonly name: string; readonly from: number; readonly to: number; readonly stride: 1 | 2 }

export function resnet({ batch, side, stages, blocksPerStage, learningRate }: ResnetSizes): BenchModel {
  const blocks = stages.flatMap((to, stage) => Array.from({ length: blocksPerStage }, (_, index): Block => {
    const entersStage = stage > 0 && index === 0;
    return { name: `stage${stage}/block${index}`, from: entersStage ? stages[stage - 1] ?? to : to, to, stride: entersStage ? 2 : 1 };
  }));
  const [first = 1] = stages;
  return {
    name: 'resnet20',
    learningRate,
    parameters: [...convolutionParameters('stem', 3, first), ...blocks.flatMap(blockParameters), weights('kernel', [stages.at(-1) ?? 1, classes], 1), constant('bias', classes, 0)],
    data: random => imageData(random, batch, [side, side, 3], classes),
    loss: (parameters, { inputs, labels }) => {
      const stem = relu(normalized(parameters, 'stem', inputs as Tensor4D, 1));
      const features = mean(blocks.reduce((x, block) => residualBlock(parameters, block, x), stem), [1, 2]);
      const logits = add(matMul(features, parameters('kernel')), parameters('bias'));
      return losses.softmaxCrossEntropy<Tensor, Scalar>(oneHot(labels, classes), logits);
    },
  };
}

function convolutionParameters(name: string, from: number, to: number): BenchParameter[] {
  return [weights(`${name}/kernel`, [3, 3, from, to]), constant(`${name}/gamma`, to, 1), constant(`${name}/beta`, to, 0)];
}

function blockParameters({ name, from, to }: Block): BenchParameter[] {
  const shortcut = from === to ? [] : [weights(`${name}/shortcut`, [1, 1, from, to], 1)];
  return [...convolutionParameters(`${name}/first`, from, to), ...convolutionParameters(`${name}/second`, to, to), ...shortcut];
}

function residualBlock(parameters: Parameters, { name, from, to, stride }: Block, x: Tensor4D): Tensor4D {
  const inner = normalized(parameters, `${name}/second`, relu(normalized(parameters, `${name}/first`, x, stride)), 1);
  const shortcut = from === to ? x : conv2d(x, parameters(`${name}/shortcut`) as Tensor4D, stride, 'same');
  return relu(add<Tensor4D>(shortcut, inner));
}

/** Convolution and batch normalisation by the batch's own moments, as in training. */
function normalized(parameters: Parameters, name: string, x: Tensor4D, stride: 1 | 2): Tensor4D {
  const y = conv2d(x, parameters(`${name}/kernel`) as Tensor4D, stride, 'same');
  const { mean: center, variance } = moments(y, [0, 1, 2]);
  return batchNorm(y, center as Tensor1D, variance as Tensor1D, parameters(`${name}/beta`) as Tensor1D, parameters(`${name}/gamma`) as Tensor1D, 1e-5);
}
