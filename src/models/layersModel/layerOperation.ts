/**
 * A layer that has no operation of its own: it runs itself, on weights lent to it, under TensorFlow.js's tape. It is tried beforehand on
 * one example of zeros, which tells what the tape saves and how many floating-point operations its products take.
 */
import { dispose, ones, tidy, zeros, type Tensor } from '@tensorflow/tfjs-core';
import type { TapeNode } from '../../backends/engine';
import { sizeOf, type Keeps, type Operation } from '../model';
import { recordedOperation, type RecordedFunction } from '../operations/recordedOperation';
import { record } from '../operations/recordedTape';
import { productFlops } from './productFlops';
import { lending } from './lentWeights';
import type { LayerVariable } from './layersInternals';
import { withSeededRandom } from './seededRandom';
import type { LayerStep } from './step';

/** Parameters: `trained`; buffers: `others`. */
export function layerOperation(name: string, step: LayerStep, trained: readonly LayerVariable[], others: readonly LayerVariable[]): Operation {
  const call = callOf(name, step, trained, others);
  const tried = tryOut(name, step, call, trained, others);
  return recordedOperation({ call, saves: tried.saves, flops: ([first = []]) => tried.flops * (first[0] ?? 1) });
}

function callOf(name: string, { layer, output: which, isMasked, options }: LayerStep, trained: readonly LayerVariable[], others: readonly LayerVariable[]): RecordedFunction['call'] {
  return (inputs, parameters, pass) => {
    const values = isMasked ? inputs.slice(0, -1) : inputs;
    const { result, written } = lending([...trained, ...others], [...parameters, ...pass.buffers], () => withSeededRandom(pass.seed, () => (
      layer.call([...values], { ...options, training: pass.training, ...(isMasked ? { mask: inputs.at(-1) } : {}) })
    )));
    const output = ('dataId' in result ? [result] : result)[which];
    if (output === undefined) throw new Error(`The layer ${name} has no output ${which}.`);
    const ofBuffers = written.slice(trained.length);
    if (!pass.training || ofBuffers.every(value => value === undefined)) return { output };
    return { output, buffers: ofBuffers.map((value, index) => value ?? (pass.buffers[index] as Tensor).clone()) };
  };
}

function tryOut(name: string, { inputShapes, isMasked }: LayerStep, call: RecordedFunction['call'], trained: readonly LayerVariable[], others: readonly LayerVariable[]): { saves: Pick<Keeps, 'inputs' | 'output'>; flops: number } {
  let found: { saves: Pick<Keeps, 'inputs' | 'output'>; flops: number } | undefined;
  tidy(() => {
    const ofVariables = (variables: readonly LayerVariable[]) => variables.map(({ shape }) => zeros([...shape]));
    const values = inputShapes.map(shape => zeros([1, ...shape.map(length => length ?? 1)]));
    // A mask has a place for each step of each example.
    const inputs = isMasked ? [...values, ones([1, inputShapes[0]?.[0] ?? 1], 'bool')] : values;
    const [parameters, buffers] = [ofVariables(trained), ofVariables(others)];
    const { result, nodes } = record(() => call(inputs, parameters, { training: true, seed: 1, slices: 1, buffers, forgetful: false }), () => [...values, ...parameters], ({ output }) => output);
    const saved = nodes.flatMap(node => [...node.saved]);
    const isSaved = (tensor: Tensor) => saved.some(({ dataId }) => dataId === tensor.dataId);
    found = { saves: { inputs: inputs.flatMap((input, place) => (isSaved(input) ? [place] : [])), output: !inputs.includes(result.output) && isSaved(result.output) }, flops: flopsOf(nodes) };
    checkGradients(name, nodes);
    dispose(saved);
  });
  if (found === undefined) throw new Error(`The layer ${name} could not be tried.`);
  return found;
}

function checkGradients(name: string, nodes: readonly TapeNode[]): void {
  const missing = nodes.find(({ gradient }) => gradient === undefined);
  if (missing === undefined) return;
  throw new Error(`The layer ${name} uses the operation ${missing.kernelName}, which has no gradient in TensorFlow.js. Build the layer from operations that have one, or give it one by tf.customGrad.`);
}

function flopsOf(nodes: readonly TapeNode[]): number {
  return nodes.reduce((total, node) => total + (productFlops(node) ?? sizeOf(node.outputs[0]?.shape ?? [0])), 0);
}
