import assert from 'node:assert/strict';
import { add, dispose, grads, matMul, mul, setBackend, sigmoid, tensor, tidy, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { loadBackend } from '../../../src/backends/loadBackend';
import { functionModel, type Stage } from '../../../src/models/functionModel';
import { initialValues } from '../../../src/models/initialize';
import { softmaxCrossEntropy } from '../../../src/models/softmaxCrossEntropy';
import { assertClose } from '../../support/assertClose';
import { assets } from '../../support/assets';
import { modelGradients } from '../../support/modelGradients';
import { madeUpBatch } from '../../support/modelRun';

/** x sigmoid(x W) + y, then the same with the output of the first, then logits. */
const gated = (name: string): Stage => ({
  name, parameters: [{ name: `${name}/w`, shape: [4, 4], deviation: 1 }],
  call: ([x, y = x], [w]) => add(mul(x!, sigmoid(matMul(x as Tensor2D, w as Tensor2D))), y!),
});
const model = functionModel({
  name: 'gated', inputs: [{ name: 'x', shape: [4], dtype: 'float32' }, { name: 'y', shape: [4], dtype: 'float32' }],
  stages: [gated('first'), gated('second'), { name: 'logits', parameters: [{ name: 'logits/w', shape: [4, 3], deviation: 1 }], call: ([x], [w]) => matMul(x as Tensor2D, w as Tensor2D) }],
});

describe('models: plain functions as a model', () => {
  for (const name of ['cpu', 'wasm'] as const) {
    it(`${name}: gradients are those of tf.grads over the whole, kept or computed again`, async () => {
      await loadBackend(name, { assets });
      await setBackend(name);
      const batch = madeUpBatch(model, 5, 3);
      const parameters = initialValues(model.parameters, 1).map((values, index) => tensor(values, [...model.parameters[index]!.shape]));
      const output = ([w1, w2, w3]: readonly Tensor[]) => {
        const first = gated('first').call(batch.inputs, [w1!]);
        return matMul(gated('second').call([first], [w2!]) as Tensor2D, w3 as Tensor2D);
      };
      const expected: Float32Array[] = [];
      tidy(() => {
        const { extras } = softmaxCrossEntropy.forward(output(parameters), batch.labels);
        const dz = softmaxCrossEntropy.backward(1, extras, batch.labels, undefined);
        expected.push(...grads((...given: Tensor[]) => output(given))(parameters, dz).map(gradient => Float32Array.from(gradient.dataSync())));
      });
      const step = await modelGradients(model, batch);
      step.gradients.forEach((gradient, index) => {
        if (name === 'cpu') assert.deepEqual(gradient, expected[index]);
        else assertClose(gradient, expected[index]!, 1e-5);
      });
      assert.deepEqual((await modelGradients(model, batch, { recompute: true })).gradients, step.gradients);
      dispose([...parameters, ...batch.inputs, batch.labels]);
    });
  }
});
