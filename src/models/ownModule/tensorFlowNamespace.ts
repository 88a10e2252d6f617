/**
 * What own modules get as `tf`: TensorFlow.js's core and layers in one, as its npm package has them, and methods on tensors. It is the
 * copy that trains the run, so that tensors of the module and ours belong to one engine. Its layers know which line made them.
 */
import * as core from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import * as layers from '@tensorflow/tfjs-layers';
import { notingLayers } from './notingLayers';

/** `file`: of the module. */
export function tensorFlowFor(file: string): Readonly<Record<string, unknown>> {
  return { ...core, ...layers, layers: notingLayers(layers.layers, file) };
}
