/** The data set and the model of a run, each made for the other: models by the shape of the data, labels by what the loss takes. */
import type { Backend } from '../backends/backend';
import type { Dataset } from '../data/dataset';
import { features } from '../data/features';
import { fitDataset } from '../data/fitDataset';
import { loadDataset } from '../data/loadDataset';
import { moduleData } from '../data/module/moduleData';
import type { Model } from '../models/model';
import { namedModel, type ModelData } from '../models/namedModel';
import { loadOwnModule } from '../models/ownModule/loadOwnModule';
import { ownModel, type OwnModel } from '../models/ownModule/ownModel';
import { isTextData } from '../settings/dataFit';
import { defaults, type Settings } from '../settings/knobs';
import { InputError } from '../settings/problem';

export type WhatIsTrained = Pick<Settings, 'model' | 'data' | 'module' | 'seed'> & Partial<Settings>;

export interface RunParts {
  readonly dataset: Dataset;
  readonly model: Model;
  readonly madeFor: ModelData;
}

export interface PartsOptions {
  /** The current backend, where nobody will read initial values: models that bring their own are made without. */
  readonly undrawnOn?: Pick<Backend, 'withoutComputing'>;
}

/** Before any ledger: what modules make of tensors is gone when this resolves. */
export async function runParts(settings: WhatIsTrained, assets: string, { undrawnOn }: PartsOptions = {}): Promise<RunParts> {
  const data = await dataOf(settings, assets);
  try {
    const madeFor = madeForData(data);
    const { model, outputShape } = await modelOf(settings, data, madeFor, undrawnOn);
    return { model, dataset: fitDataset(data, { ...model, outputShape }), madeFor };
  } catch (error) {
    data.close();
    throw error;
  }
}

/** Text is loaded only where it is asked for, with what cuts it into tokens. */
async function dataOf(settings: WhatIsTrained, assets: string): Promise<Dataset> {
  const { data, module, seed } = settings;
  if (data === 'module') return moduleData(await loadOwnModule(module), seed);
  if (data === 'features') return features(seed);
  if (!isTextData(data)) return loadDataset(data, assets);
  const { loadText } = await import('../data/text/loadText');
  return loadText({ ...defaults, ...settings, data }, assets);
}

export function madeForData({ inputs, classes = 1, text }: Dataset): ModelData {
  const { source, target } = text ?? {};
  return {
    inputShape: inputs[0]?.shape ?? [], classes,
    ...(source === undefined ? {} : { vocabularies: { source: source.size, ...(target === undefined ? {} : { target: target.size }) } }),
  };
}

/** TensorFlow.js's layers are loaded only where a model is made of them. */
async function modelOf(settings: WhatIsTrained, data: Dataset, madeFor: ModelData, undrawnOn: PartsOptions['undrawnOn']): Promise<OwnModel> {
  const { model: name, module, seed } = settings;
  if (name === 'module') {
    const { fromLayersModel } = await import('../models/layersModel/fromLayersModel');
    return ownModel(await loadOwnModule(module), seed, made => fromLayersModel(made));
  }
  if (data.classes === undefined && data.text === undefined) throw new InputError([{ field: 'data', message: `data is "${data.name}", whose labels are values to be predicted, but the model ${name} tells classes apart. Choose data with classes, or a model of your own.` }]);
  const make = () => namedModel(name, madeFor, undrawnOn === undefined ? settings : { ...settings, seed: null, pretrained: null });
  const model = await (undrawnOn?.withoutComputing?.(make) ?? make());
  return { model, outputShape: [name === 'mlp' || name === 'convnet' ? 10 : madeFor.classes] };
}
