import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { agreement } from '../../../src/bench/backends/agreement';
import { benchBackends, type BackendsRequest } from '../../../src/bench/backends/backendsBench';
import type { BackendRow } from '../../../src/bench/backends/contestant';
import { assets } from '../../support/assets';

/** The product's own process, and one that behaves as its first word says. */
const real = { file: path.join(assets, 'cli.js'), words: ['bench', 'backends', 'measure'] };
const pretending = (...words: string[]) => ({ file: path.resolve('test/fixtures/measuringProcess.mjs'), words });

describe('the bench of the backends', function () {
  this.timeout(120_000);
  let folder: string;
  let notes: string[];
  let left: string[];
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'efcp-bench-'));
    [notes, left] = [[], []];
  });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  async function rowsOf(request: Partial<BackendsRequest>): Promise<BackendRow[]> {
    const rows: BackendRow[] = [];
    const whole: BackendsRequest = {
      models: ['mlp'], backends: ['wasm'], named: true, steps: 50, size: 'small', workspace: folder, program: real, signal: new AbortController().signal,
      note: what => { notes.push(what); }, skipped: what => { left.push(what); }, ...request,
    };
    for await (const row of benchBackends(whole)) rows.push(row);
    return rows;
  }

  it('times every model on every backend, in turns, and finds the same losses', async () => {
    const rows = await rowsOf({ models: ['mlp', 'resnet20'], backends: ['wasm', 'cpu'] });
    assert.deepEqual(rows.map(({ model, backend }) => [model, backend]), [['mlp', 'wasm'], ['mlp', 'cpu'], ['resnet20', 'wasm'], ['resnet20', 'cpu']]);
    for (const { version, stepMs, spreadMs, timedSteps, lossAfter50, device, software, failure } of rows) {
      assert.ok(version !== null && stepMs !== null && spreadMs !== null && lossAfter50 !== null);
      assert.ok(spreadMs[0] > 0 && spreadMs[0] <= stepMs && stepMs <= spreadMs[1]);
      assert.deepEqual([timedSteps, device, software, failure], [45, null, false, null]);
    }
    for (const model of ['mlp', 'resnet20']) assert.ok(agreement(rows.filter(row => row.model === model))!.apart < 1e-5, model);
    const turns = notes.filter(note => note.startsWith('mlp: ') && note.includes('steps'));
    assert.deepEqual(turns.slice(0, 4), ['mlp: wasm, steps 1 to 10 of 50', 'mlp: cpu, steps 1 to 10 of 50', 'mlp: wasm, steps 11 to 20 of 50', 'mlp: cpu, steps 11 to 20 of 50']);
    assert.equal(turns.length, 10);
  });

  it('takes the median of the steps that are not the first of their turn, and the loss of the step after the fiftieth', async () => {
    for (const [steps, timedSteps, stepMs, lossAfter50] of [[50, 45, 15, 50], [60, 54, 15, 50], [12, 10, 14.5, null], [1, 1, 1000, null]] as const) {
      const [row] = await rowsOf({ program: pretending('well'), steps });
      assert.deepEqual([row!.timedSteps, row!.stepMs, row!.lossAfter50], [timedSteps, stepMs, lossAfter50], `${steps} steps`);
      assert.deepEqual([row!.version, row!.device, row!.software], ['1.2.3', 'Some Device', false]);
    }
  });

  it('a process that dies is a row that says how, with what was measured until then; the others go on', async () => {
    const [dead] = await rowsOf({ program: pretending('dies') });
    assert.match(dead!.failure!, /its process ended \(SIGKILL\)\. .*the driver is gone/);
    assert.deepEqual([dead!.stepMs, dead!.timedSteps, dead!.lossAfter50], [15, 9, null]);
    const [absent, wasm] = await rowsOf({ backends: ['tensorflow', 'wasm'] });
    assert.match(absent!.failure!, /tfjs-node/);
    assert.equal(absent!.stepMs, null);
    assert.ok(wasm!.stepMs !== null && wasm!.failure === null);
  });

  it('a program that does not start is a row, too', async () => {
    const [row] = await rowsOf({ program: { file: path.join(folder, 'nothing.js'), words: [] } });
    assert.match(row!.failure!, /its process ended \(exit code 1\)\. .*nothing\.js/);
  });

  it('leaves out what nobody named and is not at hand, and says so once', async () => {
    const rows = await rowsOf({ models: ['mlp', 'transformer'], backends: ['tensorflow'], named: false });
    assert.deepEqual([rows, left.length], [[], 1]);
    assert.match(left[0]!, /^tensorflow: .*tfjs-node/);
  });

  it('leaves out software that stands in for a GPU, unless it was named', async () => {
    assert.deepEqual(await rowsOf({ program: pretending('software'), named: false }), []);
    assert.match(left[0]!, /^wasm: it would compute on the processor, by Some Device\. Name it with --backend wasm/);
    const [row] = await rowsOf({ program: pretending('software'), steps: 2 });
    assert.deepEqual([row!.software, row!.device, row!.stepMs], [true, 'Some Device', 11]);
  });

  it('ends its processes when it is interrupted in the middle of a step', async () => {
    const pidFile = path.join(folder, 'pid');
    const controller = new AbortController();
    const note = (what: string) => { if (what.includes('steps')) setImmediate(() => { controller.abort(); }); };
    await assert.rejects(rowsOf({ program: pretending('silent', pidFile), signal: controller.signal, note }), { name: 'AbortError' });
    assert.ok(existsSync(pidFile));
    const pid = Number(readFileSync(pidFile, 'utf8'));
    while (isAlive(pid)) await sleep(10);
  });

  it('does not begin where it has been interrupted', async () => {
    await assert.rejects(rowsOf({ signal: AbortSignal.abort() }), { name: 'AbortError' });
  });
});

describe('agreement of losses', () => {
  it('is about the largest difference; what was not measured does not count', () => {
    assert.equal(agreement([{ lossAfter50: 2 }, { lossAfter50: null }]), undefined);
    assert.deepEqual(agreement([{ lossAfter50: 2 }, { lossAfter50: null }, { lossAfter50: 2 }]), { agrees: true, apart: 0 });
    assert.deepEqual(agreement([{ lossAfter50: 3 }, { lossAfter50: 2 }]), { agrees: false, apart: 0.5 });
    assert.equal(agreement([{ lossAfter50: 2 }, { lossAfter50: Number.NaN }])!.agrees, false);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
