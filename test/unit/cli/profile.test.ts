import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { decodeSnapshot } from '../../../src/protocol/snapshot/decodeSnapshot';
import { moduleFolder } from '../../support/ownModule';
import { runCli } from '../../support/runCli';
import { peakByDefinition } from '../../support/snapshotPeak';

const module = `export function createModel(tf) {
  const model = tf.sequential();
  model.add(tf.layers.dense({ inputShape: [784], units: 8, name: 'narrow' }));
  model.add(tf.layers.dense({ units: 10, activation: 'softmax', name: 'out' }));
  model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
  return model;
}
`;

describe('cli: profile', () => {
  const modules = moduleFolder();
  const { folder } = modules;
  after(() => { modules.remove(); });

  it('records a step, says what lives at its peak, and says it again of the file', async () => {
    const recorded = await runCli(['profile', 'digits-mlp', '--backend', 'wasm', '--set', 'batchSize=16', '--json'], folder);
    assert.equal(recorded.code, 0, recorded.stderr);
    const { file, ...parts } = JSON.parse(recorded.stdout) as { file: string; peakBytes: number; bytesAtPeak: Record<string, number>; layers: Record<string, number>; about: { step: number; examples: number } };
    assert.equal(file, path.join(folder, 'digits-mlp-step-3.efcpsnap'));
    const { peakBytes, bytesAtPeak } = peakByDefinition(decodeSnapshot(readFileSync(file)));
    assert.deepEqual([parts.peakBytes, parts.bytesAtPeak, parts.about.step, parts.about.examples], [peakBytes, bytesAtPeak, 3, 16]);
    assert.equal(parts.layers['dense1/kernel'], 4 * 784 * 256);
    assert.equal(Object.values(parts.layers).reduce((sum, bytes) => sum + bytes, 0), peakBytes);

    const again = await runCli(['profile', file, '--json'], folder);
    assert.deepEqual([again.code, JSON.parse(again.stdout)], [0, parts]);
    const words = await runCli(['profile', file], folder);
    assert.match(words.stdout, /^digits-mlp-step-3\.efcpsnap: step 3 of mlp on wasm, 16 examples, \d+ events/);
    assert.match(words.stdout, /by layer\n(.*\n)*? +optimizer state +1\.36 MiB/);
    assert.match(words.stdout, /the largest buffers\n +1\.36 MiB +optimizerState/);
  });

  it('names the lines of a module, and says how two steps differ', async () => {
    const file = modules.write(module);
    const settings = ['--set', 'model=module', '--set', `module=${file}`, '--backend', 'wasm'];
    for (const [size, out] of [[8, 'small.efcpsnap'], [32, 'large.efcpsnap']] as const) {
      const { code, stdout, stderr } = await runCli(['profile', 'digits-mlp', ...settings, '--set', `batchSize=${size}`, '--step', '2', '--out', out], folder);
      assert.equal(code, 0, stderr);
      assert.match(stdout, new RegExp(`by line of the module\\n(.*\\n)*? +${file.replaceAll(/[.\\]/g, '\\$&')}:3 `));
      assert.match(stdout, new RegExp(`written to ${out}\n$`));
    }
    const differs = await runCli(['profile', 'large.efcpsnap', '--against', 'small.efcpsnap'], folder);
    assert.equal(differs.code, 0, differs.stderr);
    assert.match(differs.stdout, /^peak: .* in small\.efcpsnap, .* in large\.efcpsnap: \+/);
    assert.match(differs.stdout, /\d+ grew \(\+/);
    const parts = JSON.parse((await runCli(['profile', 'large.efcpsnap', '--against', 'small.efcpsnap', '--json'], folder)).stdout) as { before: { peakBytes: number }; after: { peakBytes: number }; categories: { name: string; before: number; after: number }[] };
    assert.deepEqual(parts.categories.find(({ name }) => name === 'data'), { name: 'data', before: 8 * (784 * 4 + 4), after: 32 * (784 * 4 + 4) });
    assert.equal((await runCli(['profile', 'small.efcpsnap', '--against', 'small.efcpsnap'], folder)).stdout.includes('No buffer differs.'), true);
  });

  it('refuses what it cannot do, in words', async () => {
    writeFileSync(path.join(folder, 'damaged.efcpsnap'), 'EFCPSNAP and no more than that');
    for (const [args, message] of [
      [[], /^efcp: Say what to record/], [['damaged.efcpsnap'], /damaged\.efcpsnap.*This step snapshot/], [['missing.efcpsnap'], /missing\.efcpsnap.*ENOENT/],
      [['damaged.efcpsnap', '--step', '2'], /--step cannot stand beside damaged\.efcpsnap/], [['digits-mlp', '--against', 'a.efcpsnap'], /--against compares recorded steps/],
      [['digits-mlp', '--step', '0'], /--step is "0", but must be a whole number/], [['digits-mlp', '--backend', 'wasm', '--step', '900000'], /step is 900000, but the run has/],
      [['digits-mlp', '--backend', 'wasm', '--out', 'no/such/folder.efcpsnap'], /--out is no\/such\/folder\.efcpsnap, which cannot be written/],
    ] as const) {
      const { code, stderr } = await runCli(['profile', ...args], folder);
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
    }
    assert.ok(!existsSync(path.join(folder, 'no')));
  });
});
