import assert from 'node:assert/strict';
import { Mailbox } from '../../../src/trainer/mailbox';
import { resolveSettings } from '../../../src/settings/validate';
import type { Settings } from '../../../src/settings/knobs';
import { collectRun, ofType } from '../../support/collectRun';

const seeds = [1, 2, 3];

async function outcome(settings: Partial<Settings>): Promise<{ loss: number; accuracy: number }> {
  const [finished] = ofType(await collectRun({ ...resolveSettings({ preset: 'digits-mlp' }), backend: 'wasm', ...settings }, new Mailbox()), 'finished');
  assert.equal(finished?.reason, 'completed', finished?.message);
  return { loss: finished.metrics.loss!, accuracy: finished.metrics.validationAccuracy! };
}

async function forEachSeed(settings: Partial<Settings>): Promise<{ loss: number; accuracy: number }[]> {
  const outcomes = [];
  for (const seed of seeds) outcomes.push(await outcome({ ...settings, seed }));
  return outcomes;
}

describe('trainer: convergence on real digits', function () {
  // Minutes of arithmetic on a busy machine.
  this.timeout(900_000);

  it('S-MFAC at 1 % density reaches 95 % validation accuracy within the epochs of the preset', async () => {
    for (const { accuracy } of await forEachSeed({})) assert.ok(accuracy >= 0.95, `reached ${accuracy}`);
  });

  it('without error feedback, 1 % density does visibly worse, on every seed', async () => {
    const withFeedback = await forEachSeed({ epochs: 5 });
    const without = await forEachSeed({ epochs: 5, errorFeedback: false });
    seeds.forEach((seed, index) => {
      const [kept, lost] = [withFeedback[index]!, without[index]!];
      assert.ok(lost.loss >= 1.8 * kept.loss, `seed ${seed}: loss ${lost.loss} without, ${kept.loss} with`);
      assert.ok(lost.accuracy <= kept.accuracy - 0.01, `seed ${seed}: accuracy ${lost.accuracy} without, ${kept.accuracy} with`);
    });
  });

  it('every optimizer learns from its own defaults', async () => {
    for (const optimizer of ['dense-mfac', 'sgd', 'adamw', 'adamw-8bit', 'adafactor'] as const) {
      const { accuracy } = await outcome({ ...resolveSettings({ optimizer }), backend: 'wasm', epochs: 2 });
      assert.ok(accuracy >= 0.88, `${optimizer} reached ${accuracy}`);
    }
  });

  it('the convnet learns', async () => {
    const { accuracy } = await outcome({ ...resolveSettings({ preset: 'digits-convnet' }), backend: 'wasm', epochs: 2 });
    assert.ok(accuracy >= 0.85, `reached ${accuracy}`);
  });
});
