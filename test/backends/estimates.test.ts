/** Estimates beside steps of the real run on the backends that compute while they are weighed; wasm is in test/unit/trainer/estimate. */
import assert from 'node:assert/strict';
import type { Settings } from '../../src/settings/knobs';
import { resolveSettings } from '../../src/settings/validate';
import { Estimator } from '../../src/trainer/estimate/estimator';
import { testedBackends, testedPlace } from '../support/backendSuite';
import { assertEstimated } from '../support/comparedEstimate';

type Runs = Readonly<Record<string, Partial<Settings>>>;

const few: Runs = {
  'a perceptron': { model: 'mlp', batchSize: 64, optimizer: 'adamw' },
  'a convolutional network, recomputed, in halves': { model: 'convnet', batchSize: 24, optimizer: 'sgd', recompute: 'sqrt', activationPrecision: 'float16' },
};
const more: Runs = {
  'a perceptron in microbatches, a window of sparse gradients': { model: 'mlp', batchSize: 64, microbatch: 5, optimizer: 'sparse-mfac', window: 6 },
  'a perceptron, its state on the device': { model: 'mlp', batchSize: 64, optimizer: 'adamw', placement: 'device' },
  'a perceptron, a window on the device': { model: 'mlp', batchSize: 64, optimizer: 'sparse-mfac', window: 3, placement: 'device' },
  'a residual network with sparse weights in halves': { model: 'wrn-10-1', batchSize: 8, optimizer: 'adamw', weightDensity: 0.3, parameterPrecision: 'float16', momentPrecision: 'float16' },
  'a residual network by muon': { model: 'wrn-10-1', batchSize: 8, optimizer: 'muon' },
  'BERT in microbatches': { model: 'bert-tiny', data: 'message-kinds', merges: 100, maxTokens: 24, batchSize: 8, microbatch: 5, optimizer: 'adamw' },
  'a translator, recomputed, in halves': { model: 'dynamicconv-tiny', data: 'messages', merges: 100, maxTokens: 40, batchTokens: 300, optimizer: 'sgd', recompute: 'sqrt', activationPrecision: 'bfloat16' },
};
const runs: Readonly<Record<string, Runs>> = { cpu: few, webgpu: few, tensorflow: { ...few, ...more } };

for (const backend of testedBackends()) {
  const place = testedPlace();
  describe(`backends: the estimate of a step of the trainer on ${backend}`, function () {
    this.timeout(300_000);
    const estimator = new Estimator(place);
    after(() => { estimator.dispose(); });

    for (const [name, settings] of Object.entries(runs[backend] ?? {})) {
      it(`is what it holds, to the byte: ${name} on ${backend}`, async () => {
        assert.deepEqual(await assertEstimated(estimator, resolveSettings({ backend: backend as Settings['backend'], ...settings }), place.workspace), { peak: 0, stored: 0, state: 0 });
      });
    }
  });
}
