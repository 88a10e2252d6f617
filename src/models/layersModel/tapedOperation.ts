/**
 * A function as an operation, tried before it is trained, on one example of zeros: what TensorFlow.js's tape saves of it, how many
 * floating-point operations its products take, whether all of it has a gradient, and whether that is found when the forward pass's own
 * tensors are gone. Where it is not, the function is run again for it.
 */
import { clone, dispose, ones, onesLike, tidy, zeros, type Tensor } from '@tensorflow/tfjs-core';
import type { TapeNode } from '../../backends/engine';
import { sizeOf, type Keeps, type Operation, type Pass } from '../model';
import { recordedOperation, type RecordedFunction } from '../operations/recordedOperation';
import { record } from '../operations/recordedTape';
import { rerunOperation } from '../operations/rerunOperation';
import { productFlops } from './productFlops';

type Shape = readonly (number | null)[];

export interface TapedFunction {
  readonly name: string;
  readonly call: RecordedFunction['call'];
  /** Without the batch's length; null where a length is not known. */
  readonly inputShapes: readonly Shape[];
  /** Whether there is one more input, a mask with a place for each step of each example. */
  readonly isMasked: boolean;
  readonly parameterShapes: readonly (readonly number[])[];
  readonly bufferShapes: readonly (readonly number[])[];
  /** By place among the inputs, whether they depend on a parameter. */
  readonly isDependent: readonly boolean[];
}

interface Operands {
  readonly inputs: readonly Tensor[];
  readonly parameters: readonly Tensor[];
  readonly pass: Pass;
}

export function tapedOperation(taped: TapedFunction): Operation {
  const { call, isDependent } = taped;
  const { saves, flops } = inTidy(() => observe(taped));
  const recorded: RecordedFunction = { call, saves, isDependent, flops: ([first = []]) => flops * (first[0] ?? 1) };
  const operation = recordedOperation(recorded);
  if (fails(taped, operation) === undefined) return operation;
  const rerun = rerunOperation(recorded, isDependent.length);
  const failure = fails(taped, rerun);
  if (failure !== undefined) throw new Error(`The layer ${taped.name} cannot be differentiated: ${failure.message}`, { cause: failure });
  return rerun;
}

/** Whatever tensors `body` leaves behind die. */
function inTidy<Result>(body: () => Result): Result {
  const results: Result[] = [];
  tidy(() => { results.push(body()); });
  return results[0] as Result;
}

function operandsOf({ inputShapes, isMasked, parameterShapes, bufferShapes }: TapedFunction): Operands {
  const values = inputShapes.map(shape => zeros([1, ...shape.map(length => length ?? 1)]));
  const inputs = isMasked ? [...values, ones([1, inputShapes[0]?.[0] ?? 1], 'bool')] : values;
  const [parameters, buffers] = [parameterShapes, bufferShapes].map(shapes => shapes.map(shape => zeros([...shape]))) as [Tensor[], Tensor[]];
  return { inputs, parameters, pass: { training: true, seed: 1, slices: 1, buffers, forgetful: false } };
}

function observe(taped: TapedFunction): { saves: Pick<Keeps, 'inputs' | 'output'>; flops: number } {
  const { call, isDependent, name } = taped;
  const { inputs, parameters, pass } = operandsOf(taped);
  const { result, nodes } = record(() => call(inputs, parameters, pass), () => [...inputs.filter((_, place) => isDependent[place]), ...parameters], ({ output }) => output);
  const saved = nodes.flatMap(node => [...node.saved]);
  const isSaved = ({ dataId }: Tensor) => saved.some(tensor => tensor.dataId === dataId);
  const places = inputs.flatMap((input, place) => (isSaved(input) ? [place] : []));
  const isOwn = inputs.every(({ dataId }) => dataId !== result.output.dataId);
  dispose(saved);
  checkGradients(name, nodes);
  return { saves: { inputs: places, output: isOwn && isSaved(result.output) }, flops: nodes.reduce((total, node) => total + flopsOf(node), 0) };
}

function checkGradients(name: string, nodes: readonly TapeNode[]): void {
  const missing = nodes.find(({ gradient }) => gradient === undefined);
  if (missing === undefined) return;
  throw new Error(`The layer ${name} uses the operation ${missing.kernelName}, which has no gradient in TensorFlow.js. Build the layer from operations that have one, or give it one by tf.customGrad.`);
}

function flopsOf(node: TapeNode): number {
  return productFlops(node) ?? sizeOf(node.outputs[0]?.shape ?? [0]);
}

/** A step as the tape makes it: every handle of the forward pass is gone, and what is kept comes back under another. */
function fails(taped: TapedFunction, operation: Operation): Error | undefined {
  return inTidy(() => {
    const { inputs, parameters, pass } = operandsOf(taped);
    const { output, extras = [], recording } = operation.forward(inputs, parameters, pass);
    const again = { inputs: inputs.map(input => clone(input)), output: clone(output), parameters: parameters.map(parameter => clone(parameter)) };
    const gradient = onesLike(output);
    dispose([...inputs, output, ...parameters]);
    try {
      operation.backward(gradient, { ...again, extras, recording, seed: pass.seed, buffers: pass.buffers, inputShapes: inputs.map(({ shape }) => shape) }, again.parameters, taped.isDependent);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      dispose([...extras]);
    }
  });
}
