/** A layer that has no operation of its own: it runs itself, on weights lent to it, under TensorFlow.js's tape. */
import { clone, type Tensor } from '@tensorflow/tfjs-core';
import type { Operation } from '../model';
import type { RecordedFunction } from '../operations/recordedOperation';
import type { LayerVariable } from './layersInternals';
import { lending } from './lentWeights';
import { withSeededRandom } from './seededRandom';
import type { LayerStep } from './step';
import { tapedOperation } from './tapedOperation';

export interface LayerWeights {
  /** The parameters of its node. */
  readonly trained: readonly LayerVariable[];
  /** The buffers of its node. */
  readonly others: readonly LayerVariable[];
}

/** `isDependent`: which inputs depend on a parameter. */
export function layerOperation(name: string, step: LayerStep, weights: LayerWeights, isDependent: readonly boolean[]): Operation {
  const { inputShapes, isMasked } = step;
  const [parameterShapes, bufferShapes] = [weights.trained.map(({ shape }) => shape), weights.others.map(({ shape }) => shape)];
  return tapedOperation({ name, call: callOf(name, step, weights), inputShapes, isMasked, parameterShapes, bufferShapes, isDependent });
}

function callOf(name: string, { layer, output: which, isMasked, options }: LayerStep, { trained, others }: LayerWeights): RecordedFunction['call'] {
  return (inputs, parameters, pass) => {
    const values = isMasked ? inputs.slice(0, -1) : inputs;
    const { result, written } = lending([...trained, ...others], [...parameters, ...pass.buffers], () => withSeededRandom(pass.seed, () => (
      layer.call([...values], { ...options, training: pass.training, ...(isMasked ? { mask: inputs.at(-1) } : {}) })
    )));
    const made = ('dataId' in result ? [result] : result)[which];
    if (made === undefined) throw new Error(`The layer ${name} has no output ${which}.`);
    // What is handed on as it is gets a handle of its own.
    const output = [...inputs, ...parameters, ...pass.buffers].includes(made) ? clone(made) : made;
    const ofBuffers = written.slice(trained.length);
    if (!pass.training || ofBuffers.every(value => value === undefined)) return { output };
    return { output, buffers: ofBuffers.map((value, index) => value ?? clone(pass.buffers[index] as Tensor)) };
  };
}
