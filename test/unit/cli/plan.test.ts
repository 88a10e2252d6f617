import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as z from 'zod';
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
    const { code, stdout } = await runCli(['plan', 'mine.efcp.json', '--budget', '4MB', '--write', 'thrifty.efcp.json', '--picture', 'plan.svg', '--backend', 'wasm'], folder);
    assert.equal(code, 0);
    assert.match(readFileSync(path.join(folder, 'plan.svg'), 'utf8'), /^<svg [^]*budget 4\.000 MB/);
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

  it('plans for the memory that there is, keeps to a factor for the step time, and verifies what it chose by steps', async () => {
    // In microbatches no update can be fused, and nothing else of the same result is faster than what is given.
    const command = ['plan', 'mine.efcp.json', '--set', 'microbatch=64', '--risk', 'same', '--budget', 'device', '--verify'];
    const json = await runCli([...command, '--most-step-time', '1.5x', '--json'], folder);
    const made = plan.extend({ measured: z.object({ steps: z.literal(4), peakBytes: z.int(), storedBytes: z.int(), stepMs: z.number().positive() }) }).parse(JSON.parse(json.stdout));
    assert.ok(made.budgetBytes! > 2 ** 29 && made.budgetBytes! <= 2 ** 32);
    for (const { stepMs } of [...made.front, ...made.suggestions]) assert.ok(stepMs! <= 1.5 * made.given.stepMs!);
    const chosen = made.front[made.chosen!]!;
    assert.deepEqual([chosen.changes, made.measured.peakBytes, made.measured.storedBytes], [{}, chosen.peakBytes, chosen.storedBytes]);
    const words = await runCli(command, folder);
    assert.match(words.stdout, /Chosen for [\d.]+ MB at the peak, (all that the heap of the wasm backend can grow to|75 % of this machine's memory): as given\n/);
    assert.match(words.stdout, /Measured in 4 steps, beside what was predicted: [\d.]+ MB \(±0 %\) at the peak, [\d.]+ MB \(±0 %\) stored, [\d.]+ m?s \([+−±][\d.]+ %\) a step; it fits\./);
    assert.match(words.stdout, /up to 8,192 examples a step, the most that there may be, fit/);
  });

  it('refuses what it cannot read, and says what to write', async () => {
    const refusals = { '--picture plan.svg': /--picture is plan\.svg, which exists/, '--picture plan.gif': /--picture is plan\.gif, but its name must end with \.svg or \.png/, '--backend none': /backend is "none"/, '--budget much': /--budget is "much"/, '--count all': /--count is "all", but must be peak or stored/, '--risk none': /--risk is "none", but must be one of/, '--most-step-time soon': /--most-step-time is "soon"/, '--write x.efcp.json': /--write needs --budget/, '--verify': /--verify needs --budget/, '--set workers=2': /workers is 2, but must be 1 for estimates and plans/ };
    for (const [options, words] of Object.entries(refusals)) {
      const { code, stderr } = await runCli(['plan', 'mine.efcp.json', ...options.split(' ')], folder);
      assert.equal(code, 2, options);
      assert.match(stderr, words);
    }
  });
});
