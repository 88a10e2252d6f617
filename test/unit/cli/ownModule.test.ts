import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { planFile } from '../../../src/host/runPlan';
import { readRecord } from '../../../src/protocol/runDirectory';
import type { RunEvent } from '../../../src/protocol/runEvents';
import { runCli } from '../../support/runCli';

/** The sample's module, as it is shipped. */
const sample = 'media/sample';

describe('command line: a model and data of the user\'s own', function () {
  this.timeout(60_000);
  let folder: string;
  const runFile = () => path.join(folder, 'mine', 'own-model.efcp.json');
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'efcp-own-'));
    mkdirSync(path.join(folder, 'mine'));
    for (const file of ['own-model.efcp.json', 'spirals.mjs']) cpSync(path.join(sample, file), path.join(folder, 'mine', file));
  });
  afterEach(() => { rmSync(folder, { recursive: true }); });
  const train = async (...args: readonly string[]) => {
    const result = await runCli(['train', ...args, '--json'], folder);
    return { ...result, events: result.stdout.trim().split('\n').map(line => JSON.parse(line) as RunEvent) };
  };
  const validated = (events: readonly RunEvent[]) => events.flatMap(event => event.type === 'validation' ? [[event.step, event.loss, event.accuracy]] : []);

  it('learn, from a run file in another folder, whose module is kept by its whole path', async () => {
    const { code, stderr, events } = await train(runFile(), '--set', 'backend=wasm', '--run-dir', 'run');
    assert.equal(code, 0, stderr);
    assert.equal(readRecord(path.join(folder, 'run')).settings['module'], path.join(folder, 'mine', 'spirals.mjs'));
    const [started] = events;
    assert.ok(started?.type === 'started' && started.parameterCount === 1251 && started.validationExamples === 300);
    const { metrics } = events.at(-1) as Extract<RunEvent, { type: 'finished' }>;
    assert.ok((metrics.validationAccuracy ?? 0) > 0.9, JSON.stringify(metrics));
  });

  it('goes on from a checkpoint, wherever the command runs, bit for bit', async () => {
    const settings = [runFile(), '--set', 'backend=wasm', '--set', 'optimizer=sgd', '--set', 'momentum=0.9'];
    const whole = await train(...settings, '--epochs', '4', '--run-dir', 'whole');
    await train(...settings, '--epochs', '2', '--run-dir', 'half');
    const rest = await train('--resume', path.join(folder, 'half'), '--epochs', '4');
    assert.equal(rest.code, 0, rest.stderr);
    assert.deepEqual(validated(rest.events).map(([step]) => step), [90, 120]);
    assert.deepEqual(validated(rest.events), validated(whole.events).slice(-2));
  });

  it('print beside the events, not among them', async () => {
    writeFileSync(path.join(folder, 'mine', 'spirals.mjs'), `console.log('made by me');\n${readFileSync(path.join(sample, 'spirals.mjs'), 'utf8')}`);
    const { code, stdout, stderr } = await train(runFile(), '--set', 'backend=wasm', '--epochs', '1', '--run-dir', 'run');
    assert.equal(code, 0, stderr);
    assert.ok(!stdout.includes('made by me') && stderr.includes('made by me'));
  });

  it('a module named on the command line starts where the command runs', async () => {
    const { events } = await train('digits-mlp', '--set', 'data=module', '--set', 'module=mine/none.mjs', '--set', 'backend=wasm', '--run-dir', 'run');
    const last = events.at(-1);
    assert.ok(last?.type === 'finished' && last.message?.includes(`module is ${JSON.stringify(path.join(folder, 'mine', 'none.mjs'))}, where there is no file`), JSON.stringify(last));
  });

  it('is what the editor launches, from the folder of the run file', () => {
    const text = readFileSync(runFile(), 'utf8');
    assert.equal(planFile(text, 'mine/own-model.efcp.json', path.join(folder, 'mine')).settings.module, path.join(folder, 'mine', 'spirals.mjs'));
    assert.equal(planFile(text, 'Untitled-1').settings.module, './spirals.mjs');
  });
});
