import assert from 'node:assert/strict';
import { batchNorm, moments, ones, relu, reshape, setBackend, tensor, tidy, tile, zeros, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { loadBackend } from '../../../../src/backends/loadBackend';
import { batchNormalization } from '../../../../src/models/operations/batchNormalization';
import { layerNormalization } from '../../../../src/models/operations/layerNormalization';
import { onWeights } from '../../../../src/models/operations/onWeights';
import { assertClose } from '../../../support/assertClose';
import { assets } from '../../../support/assets';
import { agreesWithStock, numbers } from '../../../support/compareOperation';

const options = { momentum: 0.9, epsilon: 1e-3 };

describe('models: normalisation, its gradients beside TensorFlow.js\'s own', () => {
  const batches = fc.record({
    // Of two positions the gradient is nothing but rounding.
    leading: fc.array(fc.integer({ min: 3, max: 5 }), { minLength: 1, maxLength: 3 }), channels: fc.integer({ min: 1, max: 9 }), hasRelu: fc.boolean(), center: fc.boolean(), scale: fc.boolean(),
    isGammaTrained: fc.boolean(), isBetaTrained: fc.boolean(),
  });
  it('batch normalisation', agreesWithStock(batches, ({ leading, channels, hasRelu, center, scale, isGammaTrained, isBetaTrained }) => {
    const weights = [...(scale ? [numbers([channels], 2)] : []), ...(center ? [numbers([channels], 3)] : [])];
    const trained = [...(scale ? [isGammaTrained] : []), ...(center ? [isBetaTrained] : [])];
    const frozen = weights.filter((_, index) => !trained[index]);
    return {
      operation: onWeights(batchNormalization({ ...options, center, scale, relu: hasRelu }), weights.map(({ shape }) => shape), trained),
      inputs: [numbers([...leading, channels], 1)],
      parameters: weights.filter((_, index) => trained[index]),
      buffers: [...frozen, numbers([channels], 4), numbers([channels], 5)],
      stock: ([x], parameters, buffers) => {
        const [nextParameter, nextBuffer] = [parameters.values(), buffers.values()];
        const all = trained.map(isTrained => (isTrained ? nextParameter : nextBuffer).next().value as Tensor1D);
        const { mean, variance } = moments(x!, leading.map((_, axis) => axis));
        const y = batchNorm(x!, mean as Tensor1D, variance as Tensor1D, center ? all.at(-1) : zeros([channels]), scale ? all[0] : ones([channels]), options.epsilon);
        return hasRelu ? relu(y) : y;
      },
    };
  }, { runs: 60, tolerance: 1e-4 }));

  const rows = fc.record({ leading: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }), features: fc.integer({ min: 3, max: 9 }), center: fc.boolean(), scale: fc.boolean(), isGammaTrained: fc.boolean() });
  it('layer normalisation', agreesWithStock(rows, ({ leading, features, center, scale, isGammaTrained }) => {
    const weights = [...(scale ? [numbers([features], 2)] : []), ...(center ? [numbers([features], 3)] : [])];
    const trained = [...(scale ? [isGammaTrained] : []), ...(center ? [true] : [])];
    const shape = [...leading, features];
    const along = [...leading, 1];
    const across = [...leading.map(() => 1), features];
    return {
      operation: onWeights(layerNormalization({ epsilon: 1e-3, center, scale }), weights.map(({ shape: own }) => own), trained),
      inputs: [numbers(shape, 1)], parameters: weights.filter((_, index) => trained[index]), buffers: weights.filter((_, index) => !trained[index]),
      // As tfjs-layers does it, everything in the shape of x.
      stock: ([x], parameters, buffers) => {
        const [nextParameter, nextBuffer] = [parameters.values(), buffers.values()];
        const all = trained.map(isTrained => tile(reshape((isTrained ? nextParameter : nextBuffer).next().value as Tensor, across), along));
        const { mean, variance } = moments(x!, -1, true);
        return batchNorm(x!, tile(mean, across) as never, tile(variance, across) as never, (center ? all.at(-1) : zeros(shape)) as never, (scale ? all[0] : ones(shape)) as never, 1e-3);
      },
    };
  }, { runs: 40, tolerance: 1e-4 }));

  for (const name of ['cpu', 'wasm'] as const) {
    it(`${name}: moving statistics follow tfjs-layers' rule, and k slices weigh as one batch`, async () => {
      await loadBackend(name, { assets });
      await setBackend(name);
      const operation = onWeights(batchNormalization({ ...options, center: true, scale: true, relu: false }), [[2], [2]]);
      tidy(() => {
        const x = tensor([1, 10, 3, 30, 5, 20], [3, 2]);
        const weights = [tensor([1, 1]), tensor([0, 0])];
        const pass = (slices: number, buffers: readonly Tensor[]) => ({ training: true, seed: 1, slices, buffers, forgetful: true });
        const start = [tensor([0, 4]), tensor([1, 1])];
        const { buffers } = operation.forward([x], weights, pass(1, start));
        // The batch's mean is (3, 20), its variance (8 / 3, 200 / 3).
        assertClose(buffers![0]!.dataSync(), [0.3, 5.6], 1e-6);
        assertClose(buffers![1]!.dataSync(), [1 + (8 / 3 - 1) / 10, 1 + (200 / 3 - 1) / 10], 1e-6);
        const inSlices = [1, 2].reduce<readonly Tensor[]>(moving => operation.forward([x], weights, pass(2, moving)).buffers!, start);
        assertClose(inSlices[0]!.dataSync(), [0.3, 5.6], 1e-6, 'two slices of the same statistics');
        const inference = operation.forward([x], weights, { ...pass(1, [tensor([1, 10]), tensor([3.999, 0.999])]), training: false });
        assert.equal(inference.buffers, undefined, 'inference moves nothing');
        assertClose(inference.output.dataSync(), [0, 0, 1, 20, 2, 10], 1e-6);
      });
    });
  }
});
