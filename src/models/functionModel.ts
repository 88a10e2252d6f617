/**
 * Plain functions of tensors as a model: each stage maps the output of the one before, with parameters of its own, and is differentiated
 * over TensorFlow.js's tape, freed as it goes. The more stages, the more dies between them, and can be computed again.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { InputSpecification, Loss, Model, Node, ParameterSpecification } from './model';
import { recordedOperation } from './operations/recordedOperation';
import { softmaxCrossEntropy } from './softmaxCrossEntropy';

export interface Stage {
  /** Unique in the model; names of its parameters begin with it. */
  readonly name: string;
  readonly parameters: readonly ParameterSpecification[];
  /** `inputs`: of the first stage those of the model, of all others the output of the one before. */
  call(inputs: readonly Tensor[], parameters: readonly Tensor[]): Tensor;
}

export interface FunctionModel {
  readonly name: string;
  readonly inputs: readonly InputSpecification[];
  readonly stages: readonly Stage[];
  /** Default: softmax cross-entropy of class numbers. */
  readonly loss?: Loss;
}

export function functionModel({ name, inputs, stages, loss = softmaxCrossEntropy }: FunctionModel): Model {
  let next = 0;
  const nodes = stages.map((stage, index): Node => ({
    name: stage.name,
    inputs: index === 0 ? inputs.map((_, place) => place) : [inputs.length + index - 1],
    parameters: stage.parameters.map(() => next++),
    buffers: [],
    // The model's own inputs are data: nobody asks for their gradient.
    operation: recordedOperation({ call: (given, parameters) => ({ output: stage.call(given, parameters) }), ...(index === 0 ? { isDependent: inputs.map(() => false) } : {}) }),
  }));
  return { name, inputs, parameters: stages.flatMap(({ parameters }) => parameters), buffers: [], nodes, penalties: [], loss };
}
