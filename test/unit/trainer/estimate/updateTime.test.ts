import assert from 'node:assert/strict';
import type { Backend } from '../../../../src/backends/backend';
import { loadBackend } from '../../../../src/backends/loadBackend';
import { matrixWork } from '../../../../src/trainer/estimate/matrixWork';
import { measureUpdateTime } from '../../../../src/trainer/estimate/updateTime';
import { defaultsFor, type Settings } from '../../../../src/settings/knobs';
import { onDevice, optimizers } from '../../../../src/settings/optimizers';
import { assets } from '../../../support/assets';

const square = (side: number) => [{ name: 'first', shape: [side, 4] }, { name: 'w', shape: [side, side] }, { name: 'b', shape: [side] }, { name: 'last', shape: [4, side] }];

describe('the time of an update', function () {
  this.timeout(60_000);
  // What else the machine does makes a time longer now and then, but not each time.
  this.retries(3);
  let backend: Backend;
  before(async () => { backend = await loadBackend('wasm', { assets }); });
  const time = (settings: Settings, side: number) => measureUpdateTime({ settings, backend, totalSteps: 1000, assets }, square(side));
  const settingsOf = (optimizer: Settings['optimizer'], more: Partial<Settings> = {}): Settings => ({ ...defaultsFor(optimizer), window: 8, ...more, optimizer });

  async function assertGrows(settings: Settings): Promise<void> {
    const [small, large] = [await time(settings, 64), await time(settings, 1024)];
    assert.ok(small.updateMs > 0 && small.collectMs > 0, JSON.stringify(small));
    // 256 times as many entries; small ones are mostly the cost of a call.
    assert.ok(large.updateMs > 3 * small.updateMs, `${small.updateMs} ms and ${large.updateMs} ms`);
  }

  for (const optimizer of optimizers) it(`is there for ${optimizer}, and grows with the parameters`, () => assertGrows(settingsOf(optimizer)));
  for (const optimizer of ['sgd', 'adamw', 'sparse-mfac'] as const) {
    it(`is there for ${optimizer} with halves`, () => assertGrows(settingsOf(optimizer, { parameterPrecision: 'float16' })));
  }
  for (const optimizer of onDevice) {
    it(`is there for ${optimizer} on the device`, () => assertGrows(settingsOf(optimizer, { placement: 'device', window: 3 })));
  }

  it('has sparse weights made dense for each pass', async () => {
    const { lendMs } = await time(settingsOf('adamw', { weightDensity: 0.3, momentPrecision: 'float16' }), 512);
    assert.ok(lendMs > 0);
  });

  it('grows with the window, beyond what is timed', async () => {
    for (const optimizer of ['dense-mfac', 'sparse-mfac', 'low-rank-mfac', 'sparse-ggt'] as const) {
      const [few, many] = [await time(settingsOf(optimizer, { window: 8 }), 512), await time(settingsOf(optimizer, { window: 1024 }), 512)];
      assert.ok(many.updateMs > 1.5 * few.updateMs, `${optimizer}: ${few.updateMs} ms and ${many.updateMs} ms`);
    }
  });

  it('is longer where roots of matrices are due more often', async () => {
    const [often, seldom] = [await time(settingsOf('shampoo', { preconditionInterval: 1 }), 64), await time(settingsOf('shampoo', { preconditionInterval: 1000 }), 64)];
    assert.ok(often.updateMs > 2 * seldom.updateMs, `${often.updateMs} ms and ${seldom.updateMs} ms`);
  });
});

describe('the work on matrices', () => {
  it('is what the products take', () => {
    const parameters = [{ name: 'w', shape: [3, 2, 5] }, { name: 'b', shape: [4] }];
    assert.deepEqual(matrixWork({ optimizer: 'muon', matrixLimit: 1024 }, parameters), { everyStep: 8 * 34 + 5 * 25 * (2 * 6 + 5), atIntervals: 0 });
    assert.deepEqual(matrixWork({ optimizer: 'soap', matrixLimit: 1024 }, parameters), { everyStep: 8 * 34 + 30 * 6 + 30 * 5, atIntervals: 6 ** 3 + 5 ** 3 });
    assert.deepEqual(matrixWork({ optimizer: 'shampoo', matrixLimit: 5 }, parameters), { everyStep: 8 * 34 + 30 * 5 + 4 * 4, atIntervals: 5 ** 3 + 4 ** 3 });
  });
});
