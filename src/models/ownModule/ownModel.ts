/** The model that a user's module makes: a tf.LayersModel, which is then translated. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { internals } from '../layersModel/layersInternals';
import type { Model } from '../model';
import { callCreator, kindOf, moduleProblem, type OwnModule } from './loadOwnModule';

export interface OwnModel {
  readonly model: Model;
  /** Of one example's output. */
  readonly outputShape: readonly number[];
}

/** `translate`: what makes a model of ours of a LayersModel; its complaints are the module's. */
export async function ownModel(module: OwnModule, seed: number, translate: (made: LayersModel) => Promise<Model>): Promise<OwnModel> {
  const made = await callCreator(module, 'createModel', seed);
  if (!isLayersModel(made)) throw moduleProblem(`createModel of the module ${module.file} returned ${kindOf(made)}, but must return a tf.LayersModel. Return for example tf.sequential({ layers: [...] }), compiled with the loss to train by.`);
  const outputShape = made.outputs[0]?.shape.slice(1).map(length => length ?? 0) ?? [];
  try {
    const model = await translate(made);
    // One that the module made itself is its own to TensorFlow.js; the run has another.
    const { isOptimizerOwned, optimizer_: optimizer } = internals(made);
    if (isOptimizerOwned !== true) optimizer?.dispose();
    return { outputShape, model };
  } catch (error) {
    throw moduleProblem(`createModel of the module ${module.file} returned a model that cannot be trained here. ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

/** By what it has: the module may have made it with a copy of its own of tfjs-layers. */
function isLayersModel(made: unknown): made is LayersModel {
  if (typeof made !== 'object' || made === null) return false;
  const { layers, inputs, outputs, predict } = made as Partial<Record<string, unknown>>;
  return Array.isArray(layers) && Array.isArray(inputs) && Array.isArray(outputs) && typeof predict === 'function';
}
