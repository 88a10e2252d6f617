/** How long `efcp estimate` takes, as a user waits for it: from the start of the process; and how far its step times are from real ones. */
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { resolveSettings } from '../../src/settings/validate';
import { optimizers } from '../../src/settings/optimizers';
import { presets, presetNames } from '../../src/settings/presets';
import { quantile } from '../../src/bench/statistics';
import { report } from '../support/benchReport';
import { comparedTime } from '../support/comparedTime';
import { runCli } from '../support/runCli';

/** Presets whose data are built in, and models of the size that people train. */
const builtIn = ['digits', 'messages', 'message-kinds', 'text', 'features'];
const asWritten: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(presetNames.filter(name => builtIn.includes(presets[name].settings.data)).map(name => [name, [name]])),
  'WRN-28-2': ['digits-low-memory', 'model=wrn-28-2', 'batchSize=100'],
  'DynamicConv, 38 million parameters': ['messages-translator', 'model=dynamicconv', 'merges=10000', 'batchTokens=4000'],
  'BERT-mini': ['message-kinds-bert', 'model=bert-mini'],
};
const repeats = 3;

describe('bench: estimates', function () {
  this.timeout(1_800_000);

  for (const [name, [target = '', ...assignments]] of Object.entries(asWritten)) {
    it(`are there within two seconds: ${name}`, async () => {
      const seconds: number[] = [];
      for (let round = 0; round < repeats; round++) {
        const begun = performance.now();
        const { code, stderr } = await runCli(['estimate', target, 'backend=wasm', ...assignments, '--json'], tmpdir());
        assert.equal(code, 0, stderr);
        seconds.push((performance.now() - begun) / 1000);
      }
      report(`efcp estimate, ${name}`, quantile(seconds, 0.5), 's', { atMost: 2 });
    });
  }

  for (const name of ['digits-mlp', 'digits-convnet', 'digits-low-memory', 'linear-probe', 'text-language-model', 'message-kinds-bert'] as const) {
    it(`say how long a step takes within a factor of two: ${name}`, async () => {
      await within(name, resolveSettings({ ...presets[name].settings, backend: 'wasm' }));
    });
  }

  for (const optimizer of optimizers) {
    it(`say so for every optimizer: ${optimizer}`, async () => {
      await within(optimizer, resolveSettings({ model: 'mlp', optimizer, batchSize: 16, backend: 'wasm' }));
    });
  }
});

async function within(name: string, settings: ReturnType<typeof resolveSettings>): Promise<void> {
  const { predictedMs, measuredMs } = await comparedTime(settings);
  report(`step of ${name}, predicted ${predictedMs.toPrecision(3)} ms`, Math.max(predictedMs / measuredMs, measuredMs / predictedMs), `x apart from ${measuredMs.toPrecision(3)} ms`, { atMost: 2 });
}
