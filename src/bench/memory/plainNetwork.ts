/** A network of the bench of memory as TensorFlow.js alone would train it: its LayersModel, its loss and its optimizer. */
import { losses, oneHot, reshape, train, type Optimizer, type Rank, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { sequenceLayersModel } from '../../models/sequence/sequenceModel';
import { visionLayersModel } from '../../models/vision/visionModel';
import { isTranslator } from '../../settings/dataFit';
import type { Settings } from '../../settings/knobs';
import { madeFor } from './madeUpExamples';
import type { MemoryModelName } from './memoryModels';

export interface PlainNetwork {
  readonly layersModel: LayersModel;
  readonly optimizer: Optimizer;
  /** Numbers that the optimizer holds for every parameter. */
  readonly moments: number;
  /** The mean over all rows of the output. */
  readonly loss: (output: Tensor, labels: Tensor) => Scalar;
}

export function plainNetwork(name: MemoryModelName, settings: Settings): PlainNetwork {
  const { seed, learningRate, momentum, beta1, beta2, epsilon, labelSmoothing } = settings;
  const data = madeFor(name);
  const loss = (output: Tensor, labels: Tensor) => losses.softmaxCrossEntropy<Tensor, Scalar>(oneHot(reshape<Rank.R1>(labels, [-1]), data.classes), reshape(output, [-1, data.classes]), undefined, labelSmoothing);
  if (isTranslator(name)) return { layersModel: sequenceLayersModel(name, data, settings), optimizer: train.adam(learningRate, beta1, beta2, epsilon), moments: 2, loss };
  return { layersModel: visionLayersModel(name, data, seed), optimizer: train.momentum(learningRate, momentum, true), moments: 1, loss };
}
