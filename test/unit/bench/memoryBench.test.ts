import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { benchMemory, type MemoryRequest } from '../../../src/bench/memory/memoryBench';
import { memoryReport } from '../../../src/bench/memory/memoryReport';
import type { MemoryRow } from '../../../src/bench/memory/memoryRow';
import { memoryModel, memoryModelNames } from '../../../src/bench/memory/memoryModels';
import { baselineName, plainName } from '../../../src/bench/memory/techniques';
import { memoryTable } from '../../../src/cli/memoryTable';
import { combinationProblems } from '../../../src/settings/combinations';
import { defaultsFor } from '../../../src/settings/knobs';
import { assets } from '../../support/assets';
import { assertWellFormed } from '../../support/wellFormed';

const real = { file: path.join(assets, 'cli.js'), words: ['bench', 'memory', 'measure'] };
const pretending = (...words: string[]) => ({ file: path.resolve('test/fixtures/memoryProcess.mjs'), words });

describe('the bench of memory', function () {
  this.timeout(120_000);
  let failures: string[];
  beforeEach(() => { failures = []; });

  async function rowsOf(request: Partial<MemoryRequest>): Promise<MemoryRow[]> {
    const rows: MemoryRow[] = [];
    const whole: MemoryRequest = {
      models: ['wrn-10-1'], techniques: [], backend: 'wasm', batch: 5, steps: 1, workspace: undefined, program: real, signal: new AbortController().signal,
      note: () => undefined, failed: what => { failures.push(what); }, ...request,
    };
    for await (const row of benchMemory(whole)) rows.push(row);
    return rows;
  }

  it('measures what was predicted, to the byte, technique by technique and all together', async () => {
    const wanted = ['recompute-block', 'recompute-sqrt', 'half', 'sparse-70', 'fused-update', 'sparse-70+half+microbatch-4+block', plainName];
    const rows = await rowsOf({ techniques: wanted });
    assert.deepEqual(failures, []);
    assert.deepEqual(rows.map(({ technique }) => technique).sort(), [baselineName, ...wanted].sort());
    const by = (name: string) => rows.find(({ technique }) => technique === name)!;
    for (const row of rows.filter(({ technique }) => technique !== plainName)) {
      assert.equal(row.totalBytes, row.modelBytes! + row.optimizerBytes! + row.activationBytes!);
      assert.equal(row.totalBytes, row.predictedTotalBytes, row.technique);
      assert.equal(row.recomputedFlops! > 0, row.settings.recompute !== undefined, row.technique);
      assert.ok(row.stepMs! > 0 && row.workspaceBytes! > 0);
    }
    const [baseline, together] = [by(baselineName), by('sparse-70+half+microbatch-4+block')];
    // 77,850 parameters: themselves, and for each a gradient and a velocity.
    assert.deepEqual([baseline.modelBytes, baseline.optimizerBytes, baseline.ratio], [4 * 77_850, 8 * 77_850, 1]);
    assert.equal(by('half').modelBytes, 2 * 77_850);
    assert.ok(by('sparse-70').modelBytes! < 0.4 * baseline.modelBytes!);
    assert.ok(together.ratio! > 2, `${together.ratio}`);
    assert.ok(by(plainName).ratio! < 0.5, 'TensorFlow.js alone holds more than twice as much');
    assert.deepEqual([by(plainName).predictedTotalBytes, by(plainName).workspaceBytes], [null, null]);
  });

  it('takes the median of the steps, ratios to the baseline, and no more in a microbatch than in the batch', async () => {
    const rows = await rowsOf({ program: pretending('well'), techniques: ['microbatch-10', 'half'], batch: 7 });
    assert.deepEqual(rows.map(({ technique, totalBytes, ratio, stepMs }) => [technique, totalBytes, ratio, stepMs]), [['baseline', 1000, 1, 20], ['microbatch-10', 114, 1000 / 114, 20], ['half', 500, 2, 20]]);
    assert.deepEqual([rows[1]!.settings.microbatch, rows[1]!.settings.batchSize], [7, 7]);
    assert.deepEqual(Object.keys(rows[0]!).sort(), ['activationBytes', 'backend', 'model', 'modelBytes', 'optimizerBytes', 'predictedTotalBytes', 'ratio', 'recomputedFlops', 'settings', 'stepMs', 'technique', 'totalBytes', 'workspaceBytes']);
  });

  it('a process that dies is a row without figures, and says why; the others go on', async () => {
    const rows = await rowsOf({ program: pretending('dies'), techniques: ['half', 'sparse-70'] });
    assert.deepEqual(rows.map(({ totalBytes }) => totalBytes), [1000, null, null]);
    assert.match(failures.join('\n'), /wrn-10-1, half: its process ended \(exit code 7\)\. out of memory\nwrn-10-1, sparse-70/);
  });

  it('ends its process when it is interrupted', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'efcp-memory-'));
    try {
      const [pidFile, controller] = [path.join(folder, 'pid'), new AbortController()];
      const rows = rowsOf({ program: pretending('silent', pidFile), signal: controller.signal });
      while (!existsSync(pidFile) || readFileSync(pidFile, 'utf8') === '') await sleep(10);
      controller.abort();
      await assert.rejects(rows, { name: 'AbortError' });
      const pid = Number(readFileSync(pidFile, 'utf8'));
      while (isAlive(pid)) await sleep(10);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('techniques are settings that stand together, each with a name of its own', () => {
    for (const model of memoryModelNames) {
      const { techniques, settings: recipe, batch } = memoryModel(model);
      assert.equal(new Set(techniques.map(({ name }) => name)).size, techniques.length);
      for (const { name, settings } of techniques) {
        const whole = { ...defaultsFor('sgd'), ...recipe, model, data: model.startsWith('dynamicconv') ? 'messages' : 'cifar-10', batchSize: batch, ...settings } as const;
        assert.deepEqual(combinationProblems(whole), [], `${model}, ${name}`);
      }
    }
  });

  it('its table and its report show every row, what was not measured as nothing, and the paper\'s figure as the paper\'s', async () => {
    const rows = (await rowsOf({ program: pretending('dies'), models: ['wrn-28-2'], techniques: ['half'] })).concat(await rowsOf({ program: pretending('well'), models: ['wrn-28-2'], techniques: ['microbatch-5', plainName] }).then(more => more.slice(1)));
    const table = memoryTable(rows);
    assert.match(table, /baseline +0\.000 .* 1\.00 .*exact/);
    assert.match(table, /\n {2}half\s*(\n|$)/);
    const { markdown, pictures } = memoryReport(rows, { steps: 1, machine: 'a machine' });
    for (const text of ['float16 everything |  |  |', 'the paper\'s is 60.7× for this network', '![Bytes and step time', 'a machine']) assert.ok(markdown.includes(text), text);
    assert.deepEqual(Object.keys(pictures), ['wrn-28-2-pareto.svg']);
    assertWellFormed(pictures['wrn-28-2-pareto.svg']!);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
