/**
 * Operations on weights of which any may be trained or not. Those that are trained are parameters of the node, the others the first of
 * its buffers; the operation itself is written once, for weights.
 */
import { clone, type Tensor } from '@tensorflow/tfjs-core';
import type { Forward, Gradients, Keeps, Kept, Operation, Pass } from '../model';

export interface WeightedOperation {
  /** How many weights it has. */
  readonly weights: number;
  /** What the backward pass reads where these weights are trained. */
  keeps(trained: readonly boolean[]): Keeps;
  /** The buffers of `pass`, and of what is returned, are those beside the weights. */
  forward(inputs: readonly Tensor[], weights: readonly Tensor[], pass: Pass): Forward;
  backward(outputGradient: Tensor, kept: Kept, weights: readonly Tensor[], wanted: Wanted): WeightedGradients;
  flops(inputs: readonly (readonly number[])[], output: readonly number[], weights: readonly (readonly number[])[]): number;
}

export interface Wanted {
  readonly inputs: readonly boolean[];
  readonly weights: readonly boolean[];
}

export interface WeightedGradients extends Omit<Gradients, 'parameters'> {
  readonly weights: readonly (Tensor | undefined)[];
}

/** `shapes` are those of the weights, `trained` says which of them are parameters. */
export function onWeights(weighted: WeightedOperation, shapes: readonly (readonly number[])[], trained: readonly boolean[] = shapes.map(() => true)): Operation {
  if (shapes.length !== weighted.weights) throw new Error(`The operation has ${weighted.weights} weights and was given ${shapes.length}.`);
  const frozen = trained.filter(isTrained => !isTrained).length;
  const all = (parameters: readonly Tensor[], buffers: readonly Tensor[]) => {
    const [nextParameter, nextBuffer] = [parameters.values(), buffers.values()];
    return trained.map(isTrained => (isTrained ? nextParameter : nextBuffer).next().value as Tensor);
  };
  return {
    keeps: weighted.keeps(trained),
    forward(inputs, parameters, pass) {
      const { buffers, ...rest } = weighted.forward(inputs, all(parameters, pass.buffers), { ...pass, buffers: pass.buffers.slice(frozen) });
      return buffers === undefined ? rest : { ...rest, buffers: [...pass.buffers.slice(0, frozen).map(buffer => clone(buffer)), ...buffers] };
    },
    backward(outputGradient, kept, parameters, wanted) {
      const { weights, ...gradients } = weighted.backward(
        outputGradient, { ...kept, buffers: kept.buffers.slice(frozen) }, all(parameters, kept.buffers), { inputs: wanted, weights: trained },
      );
      return { ...gradients, parameters: weights.filter((_, index) => trained[index] === true).map(gradient => present(gradient)) };
    },
    flops: (inputs, output) => weighted.flops(inputs, output, shapes),
  };
}

/** What `keeps` promises is there. */
export function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('The tape did not hand over what the operation keeps');
  return value;
}
