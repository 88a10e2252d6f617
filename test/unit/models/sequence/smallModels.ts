/** Every kind of sequence model in a size that the oracle can compute, without dropout unless it is asked for, with sentences for it. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { fromLayersModel } from '../../../../src/models/layersModel/fromLayersModel';
import { meanSquaredError } from '../../../../src/models/meanSquaredError';
import type { Loss, Model } from '../../../../src/models/model';
import { bert } from '../../../../src/models/sequence/bert';
import { dynamicConv } from '../../../../src/models/sequence/dynamicConv';
import { languageModel } from '../../../../src/models/sequence/languageModel';
import type { SequenceLayersModel } from '../../../../src/models/sequence/sequenceLayersModel';
import { smoothedCrossEntropy } from '../../../../src/models/smoothedCrossEntropy';
import { classified, continuations, stockCrossEntropy, stockSquaredError, translations, type Sentence } from '../../../support/sequences';

export interface Small {
  readonly make: (dropout?: number) => SequenceLayersModel;
  readonly sentences: (examples: number) => Sentence[];
  readonly loss: Loss;
  /** In stock operations. */
  readonly stockLoss: (output: Tensor, labels: Tensor) => Tensor;
}

const vocabularies = { source: 13, target: 11 };
const seed = 3;
const rates = (dropout = 0) => ({ dropout, attentionDropout: dropout, weightDropout: dropout });
const crossEntropy = { loss: smoothedCrossEntropy(0.1), stockLoss: stockCrossEntropy(0.1) };
const language = { width: 8, feedForward: 12, heads: 2, kernels: [2, 3] };
const encoder = { width: 8, heads: 2, layers: 2, positions: 16 };

export const smallModels: Readonly<Record<string, Small>> = {
  'a translator': {
    make: dropout => dynamicConv({ name: 'translator', sizes: { width: 8, feedForward: 12, heads: 2, encoderKernels: [3, 5, 3], decoderKernels: [3, 2] }, vocabularies, seed, ...rates(dropout) }),
    sentences: examples => translations(examples, vocabularies), ...crossEntropy,
  },
  'a language model': { make: dropout => languageModel({ name: 'language', sizes: language, vocabulary: 13, tied: true, seed, ...rates(dropout) }), sentences: examples => continuations(examples, 13), ...crossEntropy },
  'a language model, untied': { make: dropout => languageModel({ name: 'language', sizes: language, vocabulary: 13, tied: false, seed, ...rates(dropout) }), sentences: examples => continuations(examples, 13), ...crossEntropy },
  'a classifier': { make: dropout => bert({ name: 'classifier', sizes: encoder, vocabulary: 13, classes: 2, seed, ...rates(dropout) }), sentences: examples => classified(examples, 13, 'class'), ...crossEntropy },
  'a regressor': { make: dropout => bert({ name: 'regressor', sizes: encoder, vocabulary: 13, classes: 1, seed, ...rates(dropout) }), sentences: examples => classified(examples, 13, 'value'), loss: meanSquaredError, stockLoss: stockSquaredError },
};

export function smallModel({ make, loss }: Small, dropout?: number): Promise<Model> {
  const { model, blocks } = make(dropout);
  return fromLayersModel(model, { loss, blocks });
}
