/** The steps of a recorded problem, taken with the optimizer's state in one of its two places: on the host, or in a backend's tensors. */
import { dispose, keep, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { createDeviceOptimizer } from '../optimizers/device/deviceOptimizer';
import { createOptimizer } from '../optimizers/optimizer';
import type { ParameterView } from '../optimizers/transformation';
import { addStateBytes, type StateBytes } from '../settings/stateBytes';
import type { TraceProblem } from './traceProblem';

export interface Replay {
  /** Takes a step, counted from 1; resolves to the parameters after it, in order. */
  step(step: number): Promise<readonly { readonly values: Float32Array }[]>;
  stateBytes(): StateBytes;
  dispose(): void;
}

export function replayOnHost({ settings, parameters, steps, readGradients }: TraceProblem): Replay {
  const optimizer = createOptimizer(settings, parameters, { totalSteps: steps });
  return {
    step: step => {
      readGradients(step, optimizer.gradient);
      optimizer.update(optimizer.gradient, parameters, step);
      return Promise.resolve(parameters);
    },
    stateBytes: () => optimizer.stateBytes(),
    dispose: () => { /* garbage, once nobody refers to it */ },
  };
}

/** On the backend that is current. */
export function replayOnDevice({ settings, parameters, steps, readGradients }: TraceProblem): Replay {
  const optimizer = createDeviceOptimizer(settings, parameters, { totalSteps: steps });
  const tensorsOf = (vectors: readonly Float32Array[]) => tidy(() => vectors.map((values, index) => keep<Tensor>(tensor(values, [...parameters[index]?.shape ?? []], 'float32'))));
  let current = tensorsOf(parameters.map(({ values }) => values));
  return {
    step: async step => {
      const gradients = tensorsOf(readParts(readGradients, step, parameters));
      try {
        const next = await optimizer.update(gradients, current, step);
        dispose(current);
        current = next;
      } finally {
        dispose(gradients);
      }
      return Promise.all(current.map(async parameter => ({ values: await parameter.data<'float32'>() })));
    },
    stateBytes: () => {
      const { device, host } = optimizer.stateBytes();
      return addStateBytes(device, host);
    },
    dispose: () => {
      optimizer.dispose();
      dispose(current);
    },
  };
}

/** The gradient of each parameter, in memory that a tensor may keep. */
function readParts(readGradients: TraceProblem['readGradients'], step: number, parameters: readonly ParameterView[]): Float32Array[] {
  const vector = new Float32Array(parameters.reduce((sum, { values }) => sum + values.length, 0));
  readGradients(step, vector);
  let start = 0;
  return parameters.map(({ values }) => vector.slice(start, start += values.length));
}
