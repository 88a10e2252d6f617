import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { backendNames } from '../../../src/bench/backends/backendNames';
import { benchModelNames } from '../../../src/bench/backends/benchModels';
import type { BackendRow } from '../../../src/bench/backends/contestant';
import { runCli } from '../../support/runCli';

describe('efcp bench backends', function () {
  this.timeout(180_000);
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'efcp-bench-')); });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  it('--json: a row with every figure for each model and backend', async () => {
    const { code, stdout, stderr } = await runCli(['bench', 'backends', '--model', 'mlp', '--backend', 'wasm,cpu', '--backend', 'wasm', '--steps', '2', '--json'], folder);
    assert.equal(code, 0, stderr);
    const rows = JSON.parse(stdout) as BackendRow[];
    assert.deepEqual(rows.map(({ backend }) => backend), ['wasm', 'cpu']);
    for (const row of rows) {
      assert.deepEqual(Object.keys(row), ['model', 'backend', 'version', 'stepMs', 'lossAfter50', 'spreadMs', 'timedSteps', 'device', 'software', 'failure']);
      assert.ok(row.model === 'mlp' && row.version !== null && row.stepMs! > 0 && row.timedSteps === 1 && row.failure === null);
    }
  });

  it('in words, with the loss after fifty steps', async () => {
    const { code, stdout } = await runCli(['bench', 'backends', '--model', 'mlp', '--backend', 'wasm'], folder);
    assert.equal(code, 0);
    assert.match(stdout, /^mlp, 669,706 parameters\n {2}backend .*\n {2}wasm +\d+\.\d+\.\d+ +[\d.]+ +[\d.]+ to [\d.]+ +0\.\d+\n\n$/);
  });

  it('a backend that was named and is not there is a row that says what to install, and exit code 1', async () => {
    const { code, stdout } = await runCli(['bench', 'backends', '--model', 'mlp', '--backend', 'tensorflow', '--json'], folder);
    assert.equal(code, 1);
    const [row] = JSON.parse(stdout) as BackendRow[];
    assert.deepEqual([row!.backend, row!.stepMs, row!.lossAfter50], ['tensorflow', null, null]);
    assert.match(row!.failure!, /tfjs-node.*Install one/);
  });

  it('ends on Ctrl-C in the middle of a step, with the rows measured until then as one list', async () => {
    let asked = false;
    const { code, stdout } = await runCli(['bench', 'backends', '--model', 'mlp,resnet20', '--backend', 'wasm,cpu', '--steps', '2', '--json'], folder, (line, signal) => {
      // The residual network comes next, whose step takes cpu a minute.
      if (asked || !line.includes('"wasm"')) return;
      asked = true;
      signal('SIGINT');
    });
    assert.equal(code, 130);
    assert.deepEqual((JSON.parse(stdout) as BackendRow[]).map(({ model, backend }) => [model, backend]), [['mlp', 'wasm'], ['mlp', 'cpu']]);
  });

  const refused: [args: string[], message: RegExp][] = [
    [['--model', 'resnet'], /--model names "resnet", but must name some of mlp, resnet20, transformer\. Write for example --model mlp,resnet20\./],
    [['--backend', 'wasm,cuda'], /--backend names "cuda", but must name some of wasm, cpu, tensorflow/],
    [['--backend', 'auto'], /--backend names "auto"/],
    [['--steps', '0'], /--steps is "0", but must be a whole number from 1 to 10000/],
    [['--steps', ''], /--steps is ""/],
    [['measure'], /"measure" belongs to no option/],
    [['--recipe', 'sgd'], /--recipe/],
  ];
  for (const [args, message] of refused) {
    it(`efcp bench backends ${args.join(' ')}: exit code 2 and what to write instead`, async () => {
      const { code, stderr } = await runCli(['bench', 'backends', ...args], folder);
      assert.equal(code, 2);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /\n +at /, 'no stack trace');
    });
  }

  it('--help names every option, model and backend', async () => {
    const { code, stdout } = await runCli(['bench', 'backends', '--help'], folder);
    assert.equal(code, 0);
    for (const words of ['efcp bench backends', '--model', '--backend', '--steps', ...benchModelNames, ...backendNames]) assert.ok(stdout.includes(words), words);
  });
});
