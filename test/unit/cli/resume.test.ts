import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listCheckpoints } from '../../../src/protocol/checkpointFiles';
import { readEvents, readRecord, writeRecord } from '../../../src/protocol/runDirectory';
import { runEvent, type FinishedEvent } from '../../../src/protocol/runEvents';
import { readCheckpoint } from '../../../src/trainer/checkpointStore';
import { runCli } from '../../support/runCli';

/** 18 steps an epoch. */
const small = ['digits-mlp', '--json', '--seed', '3', '--set', 'batchSize=512', '--set', 'backend=wasm', '--set', 'window=8', '--set', 'checkpointEvery=1'];

describe('cli: train --resume', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'efcp-cli-')); });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });
  const at = (name: string) => path.join(folder, name);
  const eventsOf = (stdout: string) => stdout.trim().split('\n').map(line => runEvent.parse(JSON.parse(line)));
  const finishedOf = (stdout: string) => eventsOf(stdout).at(-1) as FinishedEvent;

  /** Trains and sends a signal at the first event of this kind at or after this step. */
  function trainUntil(type: 'saved' | 'sample', step: number, signalName: NodeJS.Signals, args: readonly string[] = []) {
    let asked = false;
    return runCli(['train', ...small, '--epochs', '4', '--run-dir', 'run', ...args], folder, (line, signal) => {
      const event = runEvent.parse(JSON.parse(line));
      if (asked || event.type !== type || event.step < step) return;
      asked = true;
      signal(signalName);
    });
  }

  for (const [how, type, signalName] of [['killed', 'sample', 'SIGKILL'], ['killed as soon as a checkpoint was there', 'saved', 'SIGKILL'], ['stopped', 'sample', 'SIGINT']] as const) {
    it(`goes on as if it had never been ${how}, in the same folder, without a gap`, async () => {
      const whole = await runCli(['train', ...small, '--epochs', '4', '--run-dir', 'whole'], folder);
      await trainUntil(type, 40 - (type === 'saved' ? 4 : 0), signalName);
      const before = readEvents(at('run')).events;
      assert.equal(before.at(-1)?.type === 'finished', how === 'stopped');
      const { code, stdout, stderr } = await runCli(['train', '--resume', 'run', '--json'], folder);
      assert.equal(code, 0, stderr);
      const [restored] = eventsOf(stdout);
      assert.ok(restored?.type === 'restored');
      const { events, damagedLines } = readEvents(at('run'));
      assert.deepEqual(damagedLines, []);
      assert.deepEqual(events, [...before, ...eventsOf(stdout)]);
      assert.deepEqual(events.map(({ sequence }) => sequence), events.map((_, index) => index));
      assert.ok(events.every(({ time }, index) => index === 0 || time >= events[index - 1]!.time), 'time goes on too');
      assert.deepEqual(finishedOf(stdout).metrics, finishedOf(whole.stdout).metrics);
      const [one, other] = await Promise.all(['run', 'whole'].map(name => readCheckpoint(listCheckpoints(at(name))[0]!)));
      assert.deepEqual(one!.parameters, other!.parameters);
      assert.deepEqual(one!.state, other!.state);
      const replay = await runCli(['replay', 'run'], folder);
      assert.equal(replay.code, 0);
      assert.match(replay.stdout, new RegExp(`restored from ${restored.checkpoint}: goes on after step ${restored.step} of 72`));
      assert.match(replay.stdout, /completed after 72 steps/);
    });
  }

  it('says which checkpoint it passed over, in words', async () => {
    await trainUntil('sample', 40, 'SIGINT');
    const [newest, older] = listCheckpoints(at('run'));
    writeFileSync(newest!.path, readFileSync(newest!.path).subarray(0, 5000));
    const { code, stdout } = await runCli(['train', '--resume', 'run'], folder);
    assert.equal(code, 0);
    for (const words of [`passed over ${newest!.name}: `, `restored from ${older!.name}: goes on after step 36 of 72`, 'epoch 4/4  step 72  validation loss']) assert.ok(stdout.includes(words), `${words} is missing in: ${stdout}`);
  });

  it('ends a run that has only torn checkpoints with code 1 and the reasons', async () => {
    await trainUntil('sample', 20, 'SIGINT');
    for (const { path: file } of listCheckpoints(at('run'))) writeFileSync(file, 'torn');
    const stood = readEvents(at('run')).events.at(-1) as FinishedEvent;
    const { code, stderr } = await runCli(['train', '--resume', 'run'], folder);
    assert.equal(code, 1);
    const last = readEvents(at('run')).events.at(-1) as FinishedEvent;
    assert.deepEqual([last.reason, last.steps], ['failed', stood.steps], 'it stands where it stood');
    assert.match(stderr, /No checkpoint of the run can be used\. step-.*no whole safetensors file.*Start the run again/s);
  });

  it('refuses a complete run, and goes on for more epochs where they are given', async () => {
    await runCli(['train', ...small, '--epochs', '1', '--run-dir', 'run'], folder);
    const before = readEvents(at('run')).events;
    const refusals: readonly [readonly string[], RegExp][] = [
      [[], /run cannot be resumed\. The run has completed its 1 epoch\. .*--epochs 2 or above/],
      [['--epochs', '1'], /epochs is 1, but the run has already trained for 1 \(18 steps\)\. Give 2 or above/],
      [['--epochs', '0'], /epochs is 0, but must be a whole number from 1 to 10000/],
      [['--seed', '2'], /--seed cannot stand beside --resume.*Leave it out/],
      [['--epochs', '2', '--set', 'batchSize=64'], /batchSize is 512 for the whole run and cannot change while it goes on/],
      [['--epochs', '2', '--set', 'learningRate=1000'], /learningRate is 1000, but must be/],
      [['digits-mlp'], /digits-mlp cannot stand beside --resume/],
    ];
    for (const [args, message] of refusals) {
      const { code, stderr } = await runCli(['train', '--resume', 'run', ...args], folder);
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
    }
    assert.deepEqual(readEvents(at('run')).events, before, 'a refusal leaves the run as it is');
    const { code, stdout } = await runCli(['train', '--resume', 'run', '--epochs', '2', '--json'], folder);
    assert.deepEqual([code, finishedOf(stdout).reason, finishedOf(stdout).steps], [0, 'completed', 36]);
  });

  it('refuses a run that goes on, one without a checkpoint, and a folder that holds none', async () => {
    await trainUntil('sample', 1, 'SIGKILL', ['--set', 'checkpointEvery=0']);
    assert.match((await runCli(['train', '--resume', 'run'], folder)).stderr, /has no checkpoint: .*checkpointEvery is 0.*Start it again/);
    writeRecord(at('run'), { ...readRecord(at('run')), pid: process.pid });
    const { code, stderr } = await runCli(['train', '--resume', 'run'], folder);
    assert.equal(code, 2);
    assert.match(stderr, /The run is running: its process is still there\. Stop it first/);
    assert.match((await runCli(['train', '--resume', 'nowhere'], folder)).stderr, /nowhere is not a run directory/);
  });
});
