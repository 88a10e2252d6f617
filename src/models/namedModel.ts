/** The models that the setting `model` names. The vision models bring TensorFlow.js's layers with them, so they are loaded when they are asked for. */
import type { Settings } from '../settings/knobs';
import { builtInModel } from './builtIn';
import type { Model } from './model';

/** What a model is made for: the shape of one example, and how many classes there are. */
export interface ModelData {
  readonly inputShape: readonly number[];
  readonly classes: number;
}

export type NamedModel = Exclude<Settings['model'], 'module'>;

/** `seed` decides initial values where the model brings its own. */
export async function namedModel(name: NamedModel, data: ModelData, seed: number): Promise<Model> {
  if (name === 'mlp' || name === 'convnet') return builtInModel(name);
  const { visionModel } = await import('./vision/visionModel');
  return visionModel(name, data, seed);
}
