import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchRow } from '../../../src/bench/optimizers/optimizersBench';
import { problemShapes } from '../../../src/bench/optimizers/shapes';
import { defaultsFor, isUsedBy } from '../../../src/settings/knobs';
import { optimizers } from '../../../src/settings/optimizers';
import { parameterSpace } from '../../../src/settings/parameterSpace';
import { stateBytes, totalBytes } from '../../../src/settings/stateBytes';
import { assets } from '../../support/assets';
import { runCli } from '../../support/runCli';

describe('efcp bench', function () {
  this.timeout(180_000);
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'efcp-bench-')); });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  describe('optimizers', () => {
    it('--json: a row with every figure for each recipe and size, state bytes equal to the formula', async () => {
      const { code, stdout, stderr } = await runCli(['bench', 'optimizers', '--dim', '2e3', '--window', '20', '--density', '0.05', '--rank', '2', '--json'], folder);
      assert.equal(code, 0, stderr);
      const rows = JSON.parse(stdout) as BenchRow[];
      assert.deepEqual(rows.map(({ recipe, dim }) => [recipe, dim]), optimizers.map(recipe => [recipe, 2000]));
      for (const row of rows) {
        const { recipe } = row;
        assert.deepEqual(Object.keys(row).filter(key => !['bytesPerParameter', 'compute'].includes(key)), ['recipe', 'dim', 'window', 'density', 'rank', 'stepMs', 'parts', 'readWindowMs', 'plainJsMs', 'stateBytes', 'formulaBytes']);
        const used = (name: 'window' | 'density' | 'rank', value: number) => (isUsedBy(name, recipe) ? value : null);
        assert.deepEqual([row.window, row.density, row.rank], [used('window', 20), used('density', 0.05), used('rank', 2)], recipe);
        const formula = totalBytes(stateBytes({ ...defaultsFor(recipe), window: 20, density: 0.05, rank: 2 }, parameterSpace(problemShapes(2000))));
        assert.deepEqual([row.stateBytes, row.formulaBytes], [formula, formula], recipe);
        assert.equal(row.bytesPerParameter, row.stateBytes / 2000);
        assert.ok(row.stepMs > 0);
        const parts = recipe.startsWith('sparse') ? ['topK', 'dots', 'solve', 'combine'] : /ggt|mfac/.test(recipe) ? ['dots', 'solve', 'combine'] : recipe === 'micro-adam' ? ['topK'] : [];
        assert.deepEqual(Object.entries(row.parts).filter(([, ms]) => ms !== null).map(([part]) => part), parts, recipe);
        assert.equal(row.readWindowMs !== null && row.readWindowMs > 0, isUsedBy('window', recipe), recipe);
        assert.equal(row.plainJsMs !== null && row.plainJsMs > 0, ['sparse-mfac', 'dense-mfac', 'ggt', 'sparse-ggt', 'adamw'].includes(recipe), recipe);
      }
    });

    it('in words: a table for every size, the smallest first; published windows where none is asked for', async () => {
      const { code, stdout } = await runCli(['bench', 'optimizers', '--dim', '3e3,1e3', '--recipe', 'ggt,sgd', '--set', 'valuePrecision=bfloat16'], folder);
      assert.equal(code, 0);
      const lines = stdout.trim().split('\n').filter(line => line !== '');
      assert.deepEqual(lines.filter(line => line.startsWith('d = ')).map(line => line.split(',').slice(0, -2).join(',')), ['d = 1,000', 'd = 3,000']);
      for (const line of lines.filter(text => text.includes('ggt'))) assert.match(line, /^ {2}ggt +100 +all .* equal +\d+\.\d\d$/);
      assert.equal(lines.filter(line => line.includes('recipe')).length, 2);
    });

    it('leaves out what the memory of this machine cannot hold, by name and with the bytes', async () => {
      const { code, stdout, stderr } = await runCli(['bench', 'optimizers', '--dim', '1e9', '--recipe', 'dense-mfac', '--json'], folder);
      assert.equal(code, 0);
      assert.deepEqual(JSON.parse(stdout), []);
      const [, needed, state] = /left out dense-mfac, d = 1,000,000,000: needs (\d+) bytes, of which (\d+) are its state, and \d+ are free\. Choose a smaller/.exec(stderr) ?? [];
      assert.equal(Number(state), totalBytes(stateBytes({ ...defaultsFor('dense-mfac'), window: 1024 }, parameterSpace(problemShapes(1e9)))));
      assert.ok(Number(needed) > Number(state));
    });

    it('ends on Ctrl-C with the rows measured until then, as one list', async () => {
      let asked = false;
      const { code, stdout } = await runCli(['bench', 'optimizers', '--dim', '1e3,1e7', '--recipe', 'sgd,sparse-mfac', '--window', '32', '--json'], folder, (line, signal) => {
        if (asked || !line.includes('"sgd"')) return;
        asked = true;
        signal('SIGINT');
      });
      assert.equal(code, 130);
      const rows = JSON.parse(stdout) as BenchRow[];
      assert.ok(rows.length >= 1 && rows.length < 4, `${rows.length} rows`);
      assert.deepEqual([rows[0]!.recipe, rows[0]!.dim], ['sgd', 1000]);
    });
  });

  describe('convergence', () => {
    it('--quick: writes a report with pictures, and says whether the claim holds by its exit code', async () => {
      const { code, stdout, stderr } = await runCli(['bench', 'convergence', '--quick', '--steps', '1', '--seeds', '2', '--output', 'report', '--json'], folder);
      const { holds, problems, findings } = JSON.parse(stdout) as { holds: boolean; findings: unknown[]; problems: { name: string; methods: { losses: number[]; grid: unknown[] }[] }[] };
      assert.equal(code, holds ? 0 : 1, stderr);
      assert.equal(findings.length, 4);
      assert.deepEqual(problems.map(({ name }) => name), ['softmax']);
      assert.equal(problems[0]!.methods.length, 24);
      for (const { losses, grid } of problems[0]!.methods) assert.ok(losses.length === 2 && grid.length >= 4);
      const files = readdirSync(path.join(folder, 'report'));
      const markdown = readFileSync(path.join(folder, 'report', 'report.md'), 'utf8');
      for (const picture of [...markdown.matchAll(/\(([\w-]+\.svg)\)/g)].map(match => match[1]!)) assert.ok(files.includes(picture), picture);
      assert.equal(files.length, 6);
    });

    it('ends on Ctrl-C without a report', async () => {
      const child = spawn(process.execPath, [path.join(assets, 'cli.js'), 'bench', 'convergence', '--quick', '--output', 'report'], { cwd: folder });
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text; });
      const ended = once(child, 'close');
      while (!existsSync(path.join(folder, 'report'))) await sleep(20);
      child.kill('SIGINT');
      const [code] = await ended as [number];
      assert.equal(code, 130);
      assert.match(stderr, /interrupted; nothing was written/);
      assert.deepEqual(readdirSync(path.join(folder, 'report')), []);
    });
  });

  const refused: [args: string[], message: RegExp][] = [
    [[], /Say which bench: optimizers, backends, convergence/],
    [['speed'], /"speed" is not a bench: optimizers, backends, convergence/],
    [['optimizers', '--recipe', 'sparse-mfak'], /--recipe names "sparse-mfak", but must name some of sparse-mfac, dense-mfac/],
    [['optimizers', '--dim', '1e5,x'], /--dim is given "x", but must be whole numbers from 1 to 1e9/],
    [['optimizers', '--dim', '0.5'], /--dim is given "0\.5"/],
    [['optimizers', '--window', '0'], /window is 0, but must be a whole number from 1 to 1024/],
    [['optimizers', '--density', '2'], /density is 2, but must be a number from 0\.0001 to 1/],
    [['optimizers', '--set', 'placement=device'], /--set is given placement=device, but this bench measures the host/],
    [['optimizers', '--set', 'optimizer=sgd'], /--set is given optimizer, but a bench takes optimizers from --recipe/],
    [['optimizers', 'sgd'], /"sgd" belongs to no option/],
    [['optimizers', '--seeds', '3'], /--seeds/],
    [['convergence', '--seeds', '0'], /--seeds is "0", but must be a whole number from 1 to 100/],
    [['convergence', '--steps', 'many'], /--steps is "many"/],
    [['convergence', '--output', 'plain/report'], /--output is .*plain.report, which cannot be made \(ENOTDIR/],
  ];
  for (const [args, message] of refused) {
    it(`efcp bench ${args.join(' ')}: exit code 2 and what to write instead`, async () => {
      writeFileSync(path.join(folder, 'plain'), '');
      const { code, stderr } = await runCli(['bench', ...args], folder);
      assert.equal(code, 2);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /\n +at /, 'no stack trace');
    });
  }

  it('--help names every option of both benches and every recipe', async () => {
    const { code, stdout } = await runCli(['bench', '--help'], folder);
    assert.equal(code, 0);
    for (const words of ['--recipe', '--dim', '--window', '--density', '--rank', '--json', '--seeds', '--steps', '--output', '--quick', ...optimizers]) assert.ok(stdout.includes(words), words);
    assert.match((await runCli(['--help'], folder)).stdout, /efcp bench/);
  });
});
