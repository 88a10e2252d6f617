import assert from 'node:assert/strict';
import type { Settings } from '../../../../src/settings/knobs';
import { onDevice, optimizers } from '../../../../src/settings/optimizers';
import { resolveSettings } from '../../../../src/settings/validate';
import { Estimator } from '../../../../src/trainer/estimate/estimator';
import { assets } from '../../../support/assets';
import { assertEstimated } from '../../../support/comparedEstimate';
import { moduleFolder } from '../../../support/ownModule';

type Some = Readonly<Record<string, Partial<Settings>>>;

const images: Some = {
  'mlp': { model: 'mlp', batchSize: 64 },
  'wrn-10-1': { model: 'wrn-10-1', batchSize: 8 },
};
const others: Some = {
  'convnet': { model: 'convnet', batchSize: 24 },
  'dynamicconv-tiny': { model: 'dynamicconv-tiny', data: 'messages', merges: 100, maxTokens: 40, batchTokens: 300 },
  'bert-tiny': { model: 'bert-tiny', data: 'message-kinds', merges: 100, maxTokens: 24, batchSize: 8 },
  'language-model': { model: 'language-model', data: 'text', merges: 100, maxTokens: 24, batchTokens: 200 },
};
/** Those that change what the passes hold, or who holds the parameters. */
const techniques: Some = {
  'plain': {},
  'microbatches': { microbatch: 5 },
  'recompute sqrt, float16 activations': { recompute: 'sqrt', activationPrecision: 'float16' },
  'sparse weights in float16': { weightDensity: 0.3, parameterPrecision: 'float16', momentPrecision: 'float16' },
};
const more: Some = {
  'recompute block': { recompute: 'block' },
  'recompute every other layer': { recompute: 'every', recomputeEvery: 2 },
  'recompute within a budget': { recompute: 'budget', recomputeBudget: 4 },
  'float16 activations': { activationPrecision: 'float16' },
  'bfloat16 activations, recompute, microbatches': { activationPrecision: 'bfloat16', recompute: 'sqrt', microbatch: 6 },
  'sparse weights': { weightDensity: 0.3 },
  'fused updates': { fusedUpdate: true },
  'a copy in float32': { parameterPrecision: 'bfloat16', masterCopy: true },
  'everything': { recompute: 'block', activationPrecision: 'float16', parameterPrecision: 'float16', momentPrecision: 'float16', weightDensity: 0.3, microbatch: 3 },
};
const base: Partial<Settings> = { optimizer: 'sgd', backend: 'wasm' };
const residual = `export function createModel(tf) {
  const input = tf.input({ shape: [28, 28, 1] });
  let x = tf.layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same' }).apply(input);
  const y = tf.layers.activation({ activation: 'elu' }).apply(tf.layers.batchNormalization().apply(tf.layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same' }).apply(x)));
  x = tf.layers.globalAveragePooling2d({}).apply(tf.layers.add().apply([x, y]));
  const model = tf.model({ inputs: input, outputs: tf.layers.dense({ units: 10, activation: 'softmax' }).apply(tf.layers.dropout({ rate: 0.2 }).apply(x)) });
  model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
  return model;
}\n`;

describe('an estimate is what steps of the run hold', function () {
  this.timeout(60_000);
  const estimator = new Estimator({ assets });
  const modules = moduleFolder();
  after(() => {
    estimator.dispose();
    modules.remove();
  });
  const compare = (settings: Partial<Settings>) => assertEstimated(estimator, resolveSettings({ ...base, ...settings }));

  for (const [model, own] of Object.entries({ ...images, ...others })) {
    for (const [technique, knobs] of Object.entries(model in images ? { ...techniques, ...more } : techniques)) {
      it(`${model}, ${technique}`, async () => {
        const { peak } = await compare({ ...own, ...knobs });
        // A budget is planned for what was measured, each time anew.
        if (knobs.recompute !== 'budget') assert.equal(peak, 0);
      });
    }
  }

  for (const [technique, knobs] of Object.entries({ ...techniques, ...more })) {
    it(`a residual module of one's own, ${technique}`, () => compare({ model: 'module', module: modules.write(residual), data: 'digits', batchSize: 16, ...knobs }));
  }

  for (const optimizer of optimizers) {
    it(`${optimizer} on the host`, async () => {
      assert.deepEqual(await compare({ model: 'mlp', optimizer, ...optimizer === 'sgd' || optimizer === 'adamw' ? {} : { window: 6 } }), { peak: 0, stored: 0, state: 0 });
    });
    it(`${optimizer} with halves`, async () => {
      assert.deepEqual(await compare({ model: 'mlp', optimizer, parameterPrecision: 'float16', window: 6 }), { peak: 0, stored: 0, state: 0 });
    });
  }

  for (const optimizer of onDevice) {
    const window = optimizer === 'sgd' || optimizer === 'adamw' ? {} : { window: 3 };
    it(`${optimizer} on the device`, () => compare({ model: 'mlp', optimizer, placement: 'device', ...window }));
    it(`${optimizer} on the device, microbatches`, () => compare({ model: 'mlp', optimizer, placement: 'device', ...window, microbatch: 16 }));
  }

  it('says another step time only for settings that take time: a value that is computed with takes none', async () => {
    const given = resolveSettings({ ...base, model: 'mlp', batchSize: 64, momentum: 0.9, clipNorm: 1 });
    const { stepMs } = await estimator.estimate(given);
    assert.ok(stepMs! > 0);
    const changes: readonly Partial<Settings>[] = [{ learningRate: 0.5 }, { schedule: 'cosine' }, { weightDecay: 0.1 }, { momentum: 0.5 }, { clipNorm: 3 }, { memoryBudget: 10 }, { onAlarm: 'stop' }];
    for (const change of changes) assert.equal((await estimator.estimate({ ...given, ...change })).stepMs, stepMs, JSON.stringify(change));
  });
});
