/**
 * The same network trained by TensorFlow.js alone: tf.variableGrads over the LayersModel, and its own optimizer. It does not tell what
 * it keeps for the backward pass from what it has not let go yet, so all that is no parameter, gradient or velocity counts as
 * activations, at the highest instant.
 */
import { losses, oneHot, tidy, train, Variable, variableGrads, type NamedTensorMap, type Scalar, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { Ledger } from '../../memory/ledger';
import { visionLayersModel } from '../../models/vision/visionModel';
import type { Settings } from '../../settings/knobs';
import { images, noise, type MemoryModelName } from './memoryModels';
import type { Measured } from './memoryRow';

export async function measurePlain(name: MemoryModelName, { batchSize, seed, learningRate, momentum }: Settings, steps: number): Promise<Measured> {
  const ledger = new Ledger();
  try {
    const model = ledger.scope('parameters', () => visionLayersModel(name, images, seed));
    for (const weight of model.nonTrainableWeights) ledger.claim(weight.read(), 'buffers');
    const parameters = model.trainableWeights.map(weight => weight.read()).filter((weight): weight is Variable => weight instanceof Variable);
    const optimizer = train.momentum(learningRate, momentum, true);
    const parameterBytes = parameters.reduce((sum, { size }) => sum + 4 * size, 0);
    const [stepsMs, seen]: [number[], number[]] = [[], []];
    let peakBytes = 0;
    for (let step = 1; step <= steps + 1; step++) {
      const batch = ledger.scope('data', () => noise(batchSize, seed + step).make(0, batchSize));
      ledger.takePeak();
      const begun = performance.now();
      const { value, grads } = ledger.scope('activations', () => gradientsOf(model, batch.inputs[0] as Tensor, batch.labels, parameters));
      const [loss = Number.NaN] = await value.data();
      ledger.scope('optimizerState', () => { optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor }))); });
      if (step > 1) stepsMs.push(performance.now() - begun);
      peakBytes = ledger.takePeak().peakBytes;
      seen.push(loss);
      for (const tensor of [value, ...Object.values(grads), ...batch.inputs, batch.labels]) tensor.dispose();
    }
    const buffers = model.nonTrainableWeights.reduce((sum, weight) => sum + 4 * weight.read().size, 0);
    optimizer.dispose();
    // Gradients, and a velocity for each parameter.
    const optimizerBytes = 2 * parameterBytes;
    return {
      type: 'measured', modelBytes: parameterBytes, optimizerBytes, activationBytes: peakBytes - parameterBytes - optimizerBytes - buffers,
      workspaceBytes: null, predictedTotalBytes: null, flops: null, recomputedFlops: 0, stepsMs, losses: seen,
    };
  } finally {
    ledger.stop();
  }
}

function gradientsOf(model: LayersModel, inputs: Tensor, labels: Tensor, parameters: Variable[]): { value: Scalar; grads: NamedTensorMap } {
  return variableGrads(() => tidy(() => {
    const logits = model.apply(inputs, { training: true }) as Tensor2D;
    return losses.softmaxCrossEntropy(oneHot(labels as Tensor1D, images.classes), logits);
  }), parameters);
}
