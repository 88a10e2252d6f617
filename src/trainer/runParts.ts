/** The data set and the model of a run, each made for the other: models by the shape of the data, labels by what the loss takes. */
import type { Dataset } from '../data/dataset';
import { fitDataset } from '../data/fitDataset';
import { loadDataset } from '../data/loadDataset';
import { moduleData } from '../data/module/moduleData';
import type { Model } from '../models/model';
import { namedModel, type ModelData } from '../models/namedModel';
import { loadOwnModule } from '../models/ownModule/loadOwnModule';
import { ownModel, type OwnModel } from '../models/ownModule/ownModel';
import type { Settings } from '../settings/knobs';
import { InputError } from '../settings/problem';

export type WhatIsTrained = Pick<Settings, 'model' | 'data' | 'module' | 'seed'>;

export interface RunParts {
  readonly dataset: Dataset;
  readonly model: Model;
  readonly madeFor: ModelData;
}

/** Before any ledger: what modules make of tensors is gone when this resolves. */
export async function runParts(settings: WhatIsTrained, assets: string): Promise<RunParts> {
  const data = settings.data === 'module' ? await moduleData(await loadOwnModule(settings.module), settings.seed) : await loadDataset(settings.data, assets);
  try {
    const madeFor = { inputShape: data.inputs[0]?.shape ?? [], classes: data.classes ?? 1 };
    const { model, outputShape } = await modelOf(settings, data, madeFor);
    return { model, dataset: fitDataset(data, { ...model, outputShape }), madeFor };
  } catch (error) {
    data.close();
    throw error;
  }
}

/** TensorFlow.js's layers are loaded only where a model is made of them. */
async function modelOf({ model: name, module, seed }: WhatIsTrained, data: Dataset, madeFor: ModelData): Promise<OwnModel> {
  if (name === 'module') {
    const { fromLayersModel } = await import('../models/layersModel/fromLayersModel');
    return ownModel(await loadOwnModule(module), seed, made => fromLayersModel(made));
  }
  if (data.classes === undefined) throw new InputError([{ field: 'data', message: `data is "${data.name}", whose labels are values to be predicted, but the model ${name} tells classes apart. Choose data with classes, or a model of your own.` }]);
  return { model: await namedModel(name, madeFor, seed), outputShape: [name === 'mlp' || name === 'convnet' ? 10 : madeFor.classes] };
}
