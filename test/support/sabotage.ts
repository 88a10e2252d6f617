/** Makes a layer of a run go wrong for as long as it is armed, in a step and in whatever looks for what went wrong in it. */
import { mul, type Tensor } from '@tensorflow/tfjs-core';
import type { Gradients, Node } from '../../src/models/model';
import type { Assembly } from '../../src/trainer/assemble';

export interface Sabotage {
  isArmed: boolean;
}

/** `factor`: what the layer's outputs, or its gradients, are multiplied by. */
export function sabotage({ model }: Pick<Assembly, 'model'>, layer: string, where: 'forward' | 'backward', factor: number): Sabotage {
  const state: Sabotage = { isArmed: false };
  const at = model.nodes.findIndex(({ name }) => name === layer);
  const node = model.nodes[at]!;
  const { operation } = node;
  const spoiled = (tensor: Tensor) => mul(tensor, factor);
  const spoil = (gradients: Gradients): Gradients => ({ ...gradients, inputs: gradients.inputs.map(input => input && spoiled(input)), parameters: gradients.parameters.map(spoiled) });
  (model.nodes as Node[])[at] = {
    ...node,
    operation: {
      ...operation,
      forward: (inputs, parameters, pass) => {
        const made = operation.forward(inputs, parameters, pass);
        return state.isArmed && where === 'forward' && pass.training ? { ...made, output: spoiled(made.output) } : made;
      },
      backward: (gradient, kept, parameters, wanted) => {
        const made = operation.backward(gradient, kept, parameters, wanted);
        return state.isArmed && where === 'backward' ? spoil(made) : made;
      },
    },
  };
  return state;
}
