/** A model whose layers follow one another: each reads the output of the one before. */
import type { Model, Operation, ParameterSpecification } from './model';
import { softmaxCrossEntropy } from './softmaxCrossEntropy';

export interface Layer {
  readonly name: string;
  readonly parameters: readonly ParameterSpecification[];
  readonly operation: Operation;
}

/** `inputShape`: of one example. The last layer gives logits, one a class. */
export function chain(name: string, inputShape: readonly number[], layers: readonly Layer[]): Model {
  let next = 0;
  return {
    name,
    inputs: [{ name: 'input', shape: inputShape, dtype: 'float32' }],
    parameters: layers.flatMap(layer => layer.parameters),
    buffers: [],
    nodes: layers.map((layer, index) => ({ name: layer.name, inputs: [index], parameters: layer.parameters.map(() => next++), buffers: [], operation: layer.operation })),
    penalties: [],
    loss: softmaxCrossEntropy,
  };
}
