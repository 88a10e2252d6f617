/** The models of sequences by the names of the setting `model`, for the vocabularies of the data, trained by the cross-entropy of tokens or classes, or by the squared error of a value. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { defaults } from '../../settings/knobs';
import type { SequenceModel } from '../../settings/dataFit';
import { fromLayersModel } from '../layersModel/fromLayersModel';
import { meanSquaredError } from '../meanSquaredError';
import type { Model } from '../model';
import type { ModelData, ModelSettings } from '../namedModel';
import { smoothedCrossEntropy } from '../smoothedCrossEntropy';
import { bert, bertSizes } from './bert';
import { dynamicConv, publishedSizes, tinySizes } from './dynamicConv';
import { languageModel, languageModelSizes } from './languageModel';
import { loadPretrainedBert } from './pretrainedBert';
import type { SequenceLayersModel } from './sequenceLayersModel';

/** As TensorFlow.js's own model, with initial weights from the seed, or from the file `pretrained`. */
export function sequenceLayersModel(name: SequenceModel, data: ModelData, settings: ModelSettings): LayersModel {
  return made(name, data, settings).model;
}

/** One class is a value to be predicted. */
export async function sequenceModel(name: SequenceModel, data: ModelData, settings: ModelSettings): Promise<Model> {
  const { model, blocks } = made(name, data, settings);
  const isValue = name in bertSizes && data.classes === 1;
  const loss = isValue ? meanSquaredError : smoothedCrossEntropy(settings.labelSmoothing ?? defaults.labelSmoothing);
  return fromLayersModel(model, { name, loss, blocks, isDrawn: settings.seed !== null });
}

function made(name: SequenceModel, { classes, vocabularies }: ModelData, settings: ModelSettings): SequenceLayersModel {
  const { source, target = source } = vocabularies ?? missingVocabularies(name);
  const { seed, dropout, attentionDropout, weightDropout, pretrained } = { ...defaults, ...settings };
  switch (name) {
    case 'dynamicconv': return dynamicConv({ name, sizes: publishedSizes, vocabularies: { source, target }, seed, dropout, attentionDropout, weightDropout });
    case 'dynamicconv-tiny': return dynamicConv({ name, sizes: tinySizes, vocabularies: { source, target }, seed, dropout, attentionDropout, weightDropout });
    case 'language-model': return languageModel({ name, sizes: languageModelSizes, vocabulary: target, tied: true, seed, dropout, weightDropout });
    case 'bert-tiny': case 'bert-mini': {
      const encoder = bert({ name, sizes: bertSizes[name], vocabulary: source, classes, seed, dropout, attentionDropout });
      if (pretrained !== null) loadPretrainedBert(encoder.model, pretrained);
      return encoder;
    }
  }
}

function missingVocabularies(name: string): never {
  throw new Error(`The model ${name} reads text, and these data have no vocabulary.`);
}
