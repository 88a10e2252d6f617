/** The models that the setting `model` names. The vision models bring TensorFlow.js's layers with them, so they are loaded when they are asked for. */
import { isSequenceModel } from '../settings/dataFit';
import type { Settings } from '../settings/knobs';
import { builtInModel } from './builtIn';
import type { Model } from './model';

/** What a model is made for. */
export interface ModelData {
  /** Of one example; null for a length that differs from batch to batch. */
  readonly inputShape: readonly (number | null)[];
  readonly classes: number;
  /** How many tokens there are to read, and to predict, where the data are text. */
  readonly vocabularies?: { readonly source: number; readonly target?: number };
}

/** What else decides how a model is made. */
export type ModelSettings = { readonly seed: number | null } & Partial<Pick<Settings, 'dropout' | 'attentionDropout' | 'weightDropout' | 'labelSmoothing' | 'pretrained'>>;

export type NamedModel = Exclude<Settings['model'], 'module'>;

/** The seed decides initial values where the model brings its own; with null there are none, for whoever asks only how large they are. */
export async function namedModel(name: NamedModel, data: ModelData, settings: ModelSettings): Promise<Model> {
  if (name === 'mlp' || name === 'convnet') return builtInModel(name);
  if (isSequenceModel(name)) {
    const { sequenceModel } = await import('./sequence/sequenceModel');
    return sequenceModel(name, data, settings);
  }
  const { visionModel } = await import('./vision/visionModel');
  return visionModel(name, data, settings.seed);
}
