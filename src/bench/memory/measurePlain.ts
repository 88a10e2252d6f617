/**
 * The same network trained by TensorFlow.js alone: tf.variableGrads over the LayersModel, and its own optimizer. It does not tell what
 * it keeps for the backward pass from what it has not let go yet, so all that is no parameter, gradient or velocity counts as
 * activations, at the highest instant.
 */
import { tidy, Variable, variableGrads, type NamedTensorMap, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import { Ledger } from '../../memory/ledger';
import type { Settings } from '../../settings/knobs';
import { madeUpExamples } from './madeUpExamples';
import type { MemoryModelName } from './memoryModels';
import type { Measured } from './memoryRow';
import { plainNetwork, type PlainNetwork } from './plainNetwork';

export async function measurePlain(name: MemoryModelName, settings: Settings, steps: number): Promise<Measured> {
  const ledger = new Ledger();
  try {
    const network = ledger.scope('parameters', () => plainNetwork(name, settings));
    const { layersModel, optimizer } = network;
    for (const weight of layersModel.nonTrainableWeights) ledger.claim(weight.read(), 'buffers');
    const parameters = layersModel.trainableWeights.map(weight => weight.read()).filter((weight): weight is Variable => weight instanceof Variable);
    const parameterBytes = parameters.reduce((sum, { size }) => sum + 4 * size, 0);
    const [stepsMs, seen]: [number[], number[]] = [[], []];
    const { batchSize, seed } = settings;
    let peakBytes = 0;
    for (let step = 1; step <= steps + 1; step++) {
      const batch = ledger.scope('data', () => madeUpExamples(name)(batchSize, seed + step).make(0, batchSize));
      ledger.takePeak();
      const begun = performance.now();
      const { value, grads } = ledger.scope('activations', () => gradientsOf(network, batch.inputs, batch.labels, parameters));
      const [loss = Number.NaN] = await value.data();
      ledger.scope('optimizerState', () => { optimizer.applyGradients(Object.entries(grads).map(([parameter, tensor]) => ({ name: parameter, tensor }))); });
      if (step > 1) stepsMs.push(performance.now() - begun);
      peakBytes = ledger.takePeak().peakBytes;
      seen.push(loss);
      for (const tensor of [value, ...Object.values(grads), ...batch.inputs, batch.labels]) tensor.dispose();
    }
    const buffers = layersModel.nonTrainableWeights.reduce((sum, weight) => sum + 4 * weight.read().size, 0);
    optimizer.dispose();
    // Gradients, and the optimizer's moments of each parameter.
    const optimizerBytes = (1 + network.moments) * parameterBytes;
    return {
      type: 'measured', modelBytes: parameterBytes, optimizerBytes, activationBytes: peakBytes - parameterBytes - optimizerBytes - buffers,
      workspaceBytes: null, predictedTotalBytes: null, flops: null, recomputedFlops: 0, stepsMs, losses: seen,
    };
  } finally {
    ledger.stop();
  }
}

function gradientsOf({ layersModel, loss }: PlainNetwork, inputs: readonly Tensor[], labels: Tensor, parameters: Variable[]): { value: Scalar; grads: NamedTensorMap } {
  return variableGrads(() => tidy(() => loss(layersModel.apply([...inputs], { training: true }) as Tensor, labels)), parameters);
}
