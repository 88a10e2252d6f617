import assert from 'node:assert/strict';
import { loadBackend } from '../../src/backends/loadBackend';
import { findings, runParity } from '../../src/bench/lossParity/parityStudy';
import { parityData } from '../../src/bench/lossParity/parityData';
import { assets } from '../support/assets';

describe('loss parity on real images and sentences', function () {
  this.timeout(3_600_000);

  for (const [model, steps] of [['wrn-10-1', 150], ['resnet20', 40], ['dynamicconv-tiny', 150]] as const) {
    it(`${model}: recomputation is identical over three seeds, the other techniques are within their margins`, async () => {
      const backend = await loadBackend('wasm', { assets });
      const dataset = await parityData(model, assets);
      try {
        const result = await runParity({ model, dataset, steps, validationExamples: 300 }, [1, 2, 3], backend, assets, new AbortController().signal, () => undefined);
        const found = findings(result);
        for (const { variant, difference, isIdentical, holds } of found) {
          assert.ok(holds, `${variant.label}: ${isIdentical ? 'identical' : `${difference.mean} above the baseline, margin ${variant.margin}`}`);
        }
        const chance = Math.log(dataset.text?.target?.size ?? dataset.classes ?? 0);
        assert.ok(found[0]!.validationLoss.mean < 0.9 * chance, `the baseline has learnt something: ${found[0]!.validationLoss.mean}`);
      } finally {
        dataset.close();
      }
    });
  }
});
