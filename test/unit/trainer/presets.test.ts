import assert from 'node:assert/strict';
import { isTranslator } from '../../../src/settings/dataFit';
import type { Settings } from '../../../src/settings/knobs';
import { presetNames, presets } from '../../../src/settings/presets';
import { resolveSettings } from '../../../src/settings/validate';
import { assemble } from '../../../src/trainer/assemble';
import { assets } from '../../support/assets';

/** Sets that must be fetched, and what stands for them. */
const atHand: Partial<Record<Settings['data'], Settings['data']>> = { 'cifar-10': 'digits', 'iwslt14': 'messages', 'sst-2': 'message-kinds' };

/** As the preset has it, in small: few examples at once, few gradients remembered. */
function inSmall(settings: Settings): Settings {
  const { data, batchTokens, batchSize, microbatch, maxTokens, merges, window, model } = settings;
  return resolveSettings({
    ...settings, backend: 'wasm', data: atHand[data] ?? data, epochs: 1, batchSize: Math.min(batchSize, 4), microbatch: microbatch === null ? null : 2, window: Math.min(window, 4),
    maxTokens: Math.min(maxTokens, 30), merges: Math.min(merges, 300), batchTokens: batchTokens === null ? null : isTranslator(model) ? 64 : 128,
  });
}

describe('trainer: presets', () => {
  for (const name of presetNames) {
    it(`${name} takes two steps`, async function () {
      this.timeout(120_000);
      const settings = inSmall(resolveSettings({ preset: name }));
      const run = await assemble(settings, { assets });
      let step = 0;
      for (const batch of run.batches.epoch(0)) {
        const { loss } = await run.stepper.run(batch, ++step);
        assert.ok(Number.isFinite(loss) && loss > 0, `${loss}`);
        if (step === 2) break;
      }
      assert.equal(step, 2);
      run.stepper.dispose();
      run.ledger.stop();
      run.dataset.close();
    });
  }

  it('are told apart by name, label and description', () => {
    const all = presetNames.map(name => presets[name]);
    for (const part of ['label', 'description'] as const) assert.equal(new Set(all.map(preset => preset[part])).size, all.length, part);
    for (const { label, description } of all) assert.ok(label.length <= 30 && description.length <= 170, label);
  });
});
