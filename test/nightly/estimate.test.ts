import type { Settings } from '../../src/settings/knobs';
import { resolveSettings } from '../../src/settings/validate';
import { Estimator } from '../../src/trainer/estimate/estimator';
import { assets } from '../support/assets';
import { assertEstimated } from '../support/comparedEstimate';

const runs: Readonly<Record<string, Partial<Settings>>> = {
  'WRN-28-2, 100 examples': { model: 'wrn-28-2', batchSize: 100, optimizer: 'sgd' },
  'WRN-28-2, 100 examples, recomputed by block': { model: 'wrn-28-2', batchSize: 100, optimizer: 'sgd', recompute: 'block' },
  'DynamicConv, 500 tokens': { model: 'dynamicconv', data: 'messages', merges: 1000, maxTokens: 60, batchTokens: 500, optimizer: 'adamw' },
};

describe('an estimate of a large run', function () {
  this.timeout(1_800_000);

  for (const [name, settings] of Object.entries(runs)) {
    it(`is what its steps hold: ${name}`, async () => {
      const estimator = new Estimator({ assets });
      try {
        await assertEstimated(estimator, resolveSettings({ backend: 'wasm', ...settings }));
      } finally {
        estimator.dispose();
      }
    });
  }
});
