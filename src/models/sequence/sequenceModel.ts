/** The models of sequences by the names of the setting `model`. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { SequenceModel } from '../../settings/dataFit';
import type { Model } from '../model';
import type { ModelData, ModelSettings } from '../namedModel';

export function sequenceModel(name: SequenceModel, _data: ModelData, _settings: ModelSettings): Promise<Model> {
  return Promise.reject(new Error(`The model ${name} is not there yet.`));
}

/** As TensorFlow.js's own model, with initial weights from the seed. */
export function sequenceLayersModel(name: SequenceModel, _data: ModelData, _settings: ModelSettings): LayersModel {
  throw new Error(`The model ${name} is not there yet.`);
}
