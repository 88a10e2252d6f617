import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { plan } from '../../../src/protocol/plan';
import { parseRunFile } from '../../../src/settings/runFile';
import { runCli } from '../../support/runCli';

describe('efcp plan', function () {
  this.timeout(120_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'efcp-plan-'));
    writeFileSync(path.join(folder, 'mine.efcp.json'), '{\n  // Mine.\n  "model": "mlp", "optimizer": "sgd", "momentum": 0.9, "batchSize": 256, "backend": "wasm"\n}\n');
  });
  after(() => { rmSync(folder, { recursive: true }); });

  it('shows what fits and how to train with it, and writes it into a run file that keeps its comments', async () => {
    const { code, stdout } = await runCli(['plan', 'mine.efcp.json', '--budget', '4MB', '--write', 'thrifty.efcp.json'], folder);
    assert.equal(code, 0);
    assert.match(stdout, /^Given: .* at the peak, .* stored, .* a step\n\nOne change at a time\n/);
    assert.match(stdout, /Chosen for 4\.000 MB at the peak: .*\n.*risk: \w+\n {2}efcp train mine\.efcp\.json --set \w+=/);
    assert.match(stdout, /As given, (no batch fits|up to \d+ examples a step fit)/);
    const text = readFileSync(path.join(folder, 'thrifty.efcp.json'), 'utf8');
    assert.match(text, /\/\/ Mine\./);
    assert.ok(Object.keys(parseRunFile(text)).length > 5, text);
    const again = await runCli(['plan', 'mine.efcp.json', '--budget', '4MB', '--write', 'thrifty.efcp.json'], folder);
    assert.equal(again.code, 2);
    assert.match(again.stderr, /--write is thrifty\.efcp\.json, which exists\. Choose another name, or add --force/);
  });

  it('says what is the least, with exit code 1, where nothing fits; and is JSON where that is asked for', async () => {
    const { code, stdout } = await runCli(['plan', 'mine.efcp.json', '--budget', '10KB'], folder);
    assert.equal(code, 1);
    assert.match(stdout, /Nothing fits 0\.010 MB at the peak\. The least that any combination reaches is .* MB: .* \(risk: \w+\)/);
    const json = await runCli(['plan', 'mine.efcp.json', '--json', '--risk', 'same', '--count', 'stored'], folder);
    assert.equal(plan.parse(JSON.parse(json.stdout)).counted, 'stored');
  });

  it('refuses what it cannot read, and says what to write', async () => {
    const refusals = { '--budget much': /--budget is "much"/, '--count all': /--count is "all", but must be peak or stored/, '--risk none': /--risk is "none", but must be one of/, '--most-step-time soon': /--most-step-time is "soon"/, '--write x.efcp.json': /--write needs --budget/ };
    for (const [options, words] of Object.entries(refusals)) {
      const { code, stderr } = await runCli(['plan', 'mine.efcp.json', ...options.split(' ')], folder);
      assert.equal(code, 2, options);
      assert.match(stderr, words);
    }
  });
});
