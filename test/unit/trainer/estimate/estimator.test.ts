import assert from 'node:assert/strict';
import { storedBytes } from '../../../../src/protocol/samples';
import { relativeError } from '../../../../src/protocol/estimate';
import type { Settings } from '../../../../src/settings/knobs';
import { resolveSettings } from '../../../../src/settings/validate';
import { Estimator } from '../../../../src/trainer/estimate/estimator';
import { assets } from '../../../support/assets';
import { measuredSteps } from '../../../support/measuredStep';

const models: Readonly<Record<string, Partial<Settings>>> = {
  'mlp': { model: 'mlp', batchSize: 64 },
  'convnet': { model: 'convnet', batchSize: 32 },
  'wrn-10-1': { model: 'wrn-10-1', batchSize: 16 },
  'dynamicconv-tiny': { model: 'dynamicconv-tiny', data: 'messages', merges: 300, maxTokens: 40, batchTokens: 400 },
  'bert-tiny': { model: 'bert-tiny', data: 'message-kinds', merges: 500, maxTokens: 32, batchSize: 12 },
  'language-model': { model: 'language-model', data: 'text', merges: 300, maxTokens: 32, batchTokens: 256 },
};

const techniques: Readonly<Record<string, Partial<Settings>>> = {
  'plain': {},
  'microbatch': { microbatch: 5 },
  'recompute block': { recompute: 'block' },
  'recompute sqrt': { recompute: 'sqrt' },
  'recompute every': { recompute: 'every', recomputeEvery: 2 },
  'float16 activations': { activationPrecision: 'float16' },
  'bfloat16 activations, microbatch, recompute': { activationPrecision: 'bfloat16', microbatch: 6, recompute: 'sqrt' },
  'packed float16': { parameterPrecision: 'float16', momentPrecision: 'float16' },
  'sparse weights': { weightDensity: 0.3 },
  'fused': { fusedUpdate: true },
  'master copy': { parameterPrecision: 'float16', masterCopy: true },
};

describe('an estimate and the run', function () {
  this.timeout(120_000);
  const estimator = new Estimator({ assets });
  let largest = 0;
  after(() => {
    estimator.dispose();
    if (process.env['EFCP_SHOW'] !== undefined) console.log('largest error', largest);
  });

  async function compare(settings: Settings) {
    const estimate = await estimator.estimate(settings, { bytesOnly: true });
    const measured = await measuredSteps(settings);
    const error = (predicted: number, real: number) => Math.abs(relativeError(predicted, real) ?? 0);
    const { peakBytes, bytes, storedPeak } = estimate;
    const errors = { peak: error(peakBytes, measured.peakBytes), state: error(bytes.optimizerState, measured.stateBytes), stored: error(storedBytes(storedPeak), measured.storedBytes) };
    largest = Math.max(largest, errors.peak, errors.stored);
    if (process.env['EFCP_SHOW'] !== undefined && Object.values(errors).some(each => each > 0)) console.log('      ', errors, estimate.peakPhase, estimate.bytesAtPeak, measured.peakPhase, measured.bytesAtPeak, estimate.assumptions);
    assert.ok(errors.state <= 0.01, `state ${bytes.optimizerState} against ${measured.stateBytes}`);
    assert.ok(errors.peak <= 0.05, `peak ${peakBytes} against ${measured.peakBytes}`);
    assert.ok(errors.stored <= 0.05, `stored ${storedBytes(storedPeak)} against ${measured.storedBytes}`);
  }

  for (const [model, own] of Object.entries(models)) {
    for (const [technique, knobs] of Object.entries(techniques)) {
      it(`${model}, ${technique}`, () => compare(resolveSettings({ optimizer: 'sgd', backend: 'wasm', ...own, ...knobs })));
    }
  }
});
