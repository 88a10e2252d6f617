import assert from 'node:assert/strict';
import { memory } from '@tensorflow/tfjs-core';
import { loadBackend } from '../../../src/backends/loadBackend';
import { countParameters } from '../../../src/bench/backends/benchModel';
import { benchModelNames, benchModels, smallModels } from '../../../src/bench/backends/benchModels';
import { startTraining } from '../../../src/bench/backends/startTraining';
import { random } from '../../../src/bench/random';
import { assets } from '../../support/assets';

describe('the models of the bench of the backends', () => {
  const counts = { mlp: 669_706, resnet20: 272_282, transformer: 467_968 };

  for (const name of benchModelNames) {
    it(`${name}: as many parameters as it says, each with a name of its own`, () => {
      const model = benchModels[name]();
      assert.equal(countParameters(model), counts[name]);
      assert.equal(model.name, name);
      assert.equal(new Set(model.parameters.map(parameter => parameter.name)).size, model.parameters.length);
    });

    it(`${name}: data that the seed fixes, of the stated shape, every batch another`, () => {
      const model = smallModels[name]();
      const [first, again, other] = [model.data(random(5)), model.data(random(5)), model.data(random(6))];
      const batch = first();
      assert.deepEqual(batch, again());
      assert.notDeepEqual(batch.inputs, first().inputs);
      assert.notDeepEqual(batch.inputs, other().inputs);
      assert.equal(batch.inputs.length, batch.shape.reduce((product, side) => product * side, 1));
      assert.ok(new Set(batch.labels).size > 1, 'more than one class');
    });

    it(`${name}: every parameter has a gradient, and nothing is left when training ends`, async () => {
      await loadBackend('cpu', { assets });
      const before = memory().numTensors;
      const model = smallModels[name]();
      const training = startTraining(model);
      (await training.gradients()).forEach((values, index) => {
        const { name: parameter, shape } = model.parameters[index]!;
        assert.equal(values.length, shape.reduce((product, side) => product * side, 1));
        assert.ok(values.every(Number.isFinite) && values.some(value => value !== 0), parameter);
      });
      const { loss, milliseconds } = await training.step();
      assert.ok(loss > 0 && milliseconds > 0);
      training.dispose();
      assert.equal(memory().numTensors, before);
    });
  }
});
