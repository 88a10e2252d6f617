import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { memoryModelNames, techniqueNames } from '../../../src/bench/memory/memoryModels';
import type { MemoryRow } from '../../../src/bench/memory/memoryRow';
import { runCli } from '../../support/runCli';

describe('efcp bench memory and parity', function () {
  this.timeout(180_000);
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'efcp-bench-')); });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  it('memory --json --out: the baseline and what was named as rows, and a report with a picture', async () => {
    const { code, stdout, stderr } = await runCli(['bench', 'memory', '--model', 'wrn-10-1', '--technique', 'half', '--batch', '3', '--json', '--out', 'report'], folder);
    assert.equal(code, 0, stderr);
    const rows = JSON.parse(stdout) as MemoryRow[];
    assert.deepEqual(rows.map(({ technique }) => technique), ['baseline', 'half']);
    for (const row of rows) {
      assert.deepEqual(Object.keys(row).sort(), ['activationBytes', 'backend', 'model', 'modelBytes', 'optimizerBytes', 'predictedTotalBytes', 'ratio', 'recomputedFlops', 'settings', 'stepMs', 'technique', 'totalBytes', 'workspaceBytes']);
      assert.deepEqual([row.backend, row.settings.batchSize, row.totalBytes], ['wasm', 3, row.predictedTotalBytes]);
    }
    assert.match(readFileSync(path.join(folder, 'report', 'report.md'), 'utf8'), /wrn-10-1, on the wasm backend/);
    assert.ok(existsSync(path.join(folder, 'report', 'wrn-10-1-pareto.svg')));
  });

  it('memory, in words', async () => {
    const { code, stdout } = await runCli(['bench', 'memory', '--model', 'wrn-10-1', '--technique', 'baseline', '--batch', '2'], folder);
    assert.equal(code, 0);
    assert.match(stdout, /^wrn-10-1, batch 2, wasm, .*examples are noise\n {2}technique .*\n {2}baseline +0\.311 +0\.623 .*exact/);
  });

  it('memory: a backend that is not there leaves rows without figures, says why, and exits with 1', async () => {
    const { code, stdout, stderr } = await runCli(['bench', 'memory', '--model', 'wrn-10-1', '--technique', 'baseline', '--backend', 'tensorflow', '--batch', '2', '--json'], folder);
    assert.equal(code, 1);
    assert.match(stderr, /not measured: wrn-10-1, baseline: .*tfjs-node/);
    assert.deepEqual((JSON.parse(stdout) as MemoryRow[]).map(({ totalBytes, ratio }) => [totalBytes, ratio]), [[null, null]]);
  });

  it('memory ends on Ctrl-C with the rows measured until then as one list', async () => {
    let asked = false;
    const { code, stdout } = await runCli(['bench', 'memory', '--model', 'wrn-10-1', '--batch', '2', '--json'], folder, (line, signal) => {
      if (asked || !line.includes('"baseline"')) return;
      asked = true;
      signal('SIGINT');
    });
    assert.equal(code, 130);
    const rows = JSON.parse(stdout) as MemoryRow[];
    assert.ok(rows.length >= 1 && rows.length < techniqueNames.length);
  });

  it('parity: a report of what each technique does to the loss of a short run', async () => {
    const { code, stdout, stderr } = await runCli(['bench', 'parity', '--model', 'wrn-10-1', '--seeds', '1', '--steps', '1', '--out', 'report'], folder);
    // After one step nobody is out of a margin.
    assert.equal(code, 0, `${stdout}${stderr}`);
    assert.match(stdout, /holds {2}wrn-10-1, recompute per block: identical/);
    assert.match(readFileSync(path.join(folder, 'report', 'report.md'), 'utf8'), /\| all together \|/);
  });

  const refused: [args: string[], message: RegExp][] = [
    [['memory', '--model', 'resnet'], /--model names "resnet", but must name some of wrn-28-2, resnet20, wrn-10-1/],
    [['memory', '--technique', 'sparse'], /--technique names "sparse", but must name some of baseline, plain-tfjs/],
    [['memory', '--backend', 'cuda'], /--backend names "cuda"/],
    [['memory', '--batch', '0'], /--batch is "0", but must be a whole number from 1 to 8192/],
    [['memory', 'measure'], /"measure" belongs to no option/],
    [['parity', '--seeds', 'a'], /--seeds is "a"/],
    [['parity', '--model', 'mlp'], /--model names "mlp", but must name some of wrn-10-1, resnet20/],
  ];
  for (const [args, message] of refused) {
    it(`efcp bench ${args.join(' ')}: exit code 2 and what to write instead`, async () => {
      const { code, stderr } = await runCli(['bench', ...args], folder);
      assert.equal(code, 2);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /\n +at /, 'no stack trace');
    });
  }

  it('--help names every option, network and technique', async () => {
    const { code, stdout } = await runCli(['bench', 'memory', '--help'], folder);
    assert.equal(code, 0);
    for (const words of ['efcp bench memory', 'efcp bench parity', '--technique', '--batch', '--out', ...memoryModelNames, ...techniqueNames]) assert.ok(stdout.includes(words), words);
  });
});
