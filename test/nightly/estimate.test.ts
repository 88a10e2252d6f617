import type { Settings } from '../../src/settings/knobs';
import { resolveSettings } from '../../src/settings/validate';
import { Estimator } from '../../src/trainer/estimate/estimator';
import { assets } from '../support/assets';
import { colourNoise } from '../support/colourNoise';
import { assertEstimated } from '../support/comparedEstimate';
import { moduleFolder } from '../support/ownModule';

const modules = moduleFolder();
const wide: Partial<Settings> = { model: 'wrn-28-2', data: 'module', module: modules.write(colourNoise(240)), batchSize: 100, optimizer: 'sgd' };
const runs: Readonly<Record<string, Partial<Settings>>> = {
  'WRN-28-2, 100 examples': wide,
  'WRN-28-2, 100 examples, recomputed by block': { ...wide, recompute: 'block' },
  'DynamicConv, 500 tokens': { model: 'dynamicconv', data: 'messages', merges: 1000, maxTokens: 60, batchTokens: 500, optimizer: 'adamw' },
};

describe('an estimate of a large run', function () {
  this.timeout(1_800_000);
  after(() => { modules.remove(); });

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
