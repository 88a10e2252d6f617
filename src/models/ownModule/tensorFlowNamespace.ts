/**
 * What own modules get as `tf`: TensorFlow.js's core and layers in one, as its npm package has them, and methods on tensors. It is the
 * copy that trains the run, so that tensors of the module and ours belong to one engine.
 */
import * as core from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import * as layers from '@tensorflow/tfjs-layers';

export const tensorFlowNamespace: Readonly<Record<string, unknown>> = { ...core, ...layers };
