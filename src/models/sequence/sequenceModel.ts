/** The models of sequences by the names of the setting `model`. */
import type { SequenceModel } from '../../settings/dataFit';
import type { Model } from '../model';
import type { ModelData, ModelSettings } from '../namedModel';

export function sequenceModel(name: SequenceModel, _data: ModelData, _settings: ModelSettings): Promise<Model> {
  return Promise.reject(new Error(`The model ${name} is not there yet.`));
}
