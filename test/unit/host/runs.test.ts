import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { planFile, planPreset } from '../../../src/host/runPlan';
import { Runs } from '../../../src/host/runs';
import { checkpointFile, checkpointsFolder } from '../../../src/protocol/checkpointFiles';
import { createRunDirectory, readEvents, readRecord, writeRecord } from '../../../src/protocol/runDirectory';
import { fakeTrainer, thisNode, until } from './fakeRuns';
import { ListeningLog } from './listeningLog';
import { scratchFolder } from './scratch';

const plan = (behaviour: string) => planFile(JSON.stringify({ name: behaviour, density: 0.5 }), 'some.efcp.json');

describe('host: the runs of a window', () => {
  let runs: Runs;
  beforeEach(() => {
    runs = new Runs({
      trainerFile: fakeTrainer, log: new ListeningLog(), chooseNode: () => Promise.resolve(thisNode),
      runsRoot: workspace => path.join(folder(), workspace === undefined ? 'global' : 'workspace/.efcp/runs'),
    });
  });
  afterEach(() => runs.dispose());
  const folder = scratchFolder();

  it('records what was launched, where, and on which Node', async () => {
    const run = await runs.launch(plan('completes'), folder());
    assert.equal(path.dirname(run.directory), path.join(folder(), 'workspace/.efcp/runs'));
    const { name, source, settings, workspace, node } = readRecord(run.directory);
    assert.deepEqual({ name, source, workspace }, { name: 'completes', source: { kind: 'file', name: 'some.efcp.json' }, workspace: folder() });
    assert.equal(settings.density, 0.5);
    assert.deepEqual(node, { path: thisNode.path, version: thisNode.version, reason: thisNode.reason });
    await run.ended();
  });

  it('keeps a run without a workspace somewhere else', async () => {
    const run = await runs.launch(plan('completes'), undefined);
    assert.equal(path.dirname(run.directory), path.join(folder(), 'global'));
    await run.ended();
  });

  it('has one object per run, the launched one being current', async () => {
    const run = await runs.launch(plan('completes'), undefined);
    assert.equal(runs.current, run);
    assert.equal(await runs.open(`${run.directory}/`), run);
    await run.ended();
  });

  it('tells which run every change is of', async () => {
    const [first, second] = [await runs.launch(plan('completes'), undefined), await runs.launch(plan('completes'), undefined)];
    const finished = new Set<string>();
    runs.onDidChange((run, event) => event?.type === 'finished' && finished.add(run.directory));
    await Promise.all([first.ended(), second.ended()]);
    assert.deepEqual(finished, new Set([first.directory, second.directory]));
  });

  it('restarts from what the run was started with, after its end', async () => {
    const first = await runs.launch(plan('trains'), undefined);
    await until(first, state => state.status === 'running');
    first.change({ density: 0.25 });
    await until(first, state => state.changes.length === 1);
    const second = await runs.restart(first);
    assert.equal(first.state.status, 'stopped');
    assert.notEqual(second.directory, first.directory);
    assert.equal(second.state.settings.density, 0.5);
    assert.equal(runs.current, second);
    await until(second, state => state.step >= 1);
    second.stop();
    await second.ended();
  });

  it('resumes a run that was stopped, in its directory, and shows it without a break', async () => {
    const run = await runs.launch(plan('saves'), undefined);
    await until(run, state => state.step >= 3);
    await assert.rejects(runs.resume(run), /cannot be resumed\. The run is running.*Stop it first/);
    run.stop();
    await run.ended();
    const { step, checkpoint } = run.state;
    const { control } = readRecord(run.directory);
    assert.equal(checkpoint?.step, step);
    const other = await runs.launch(plan('completes'), undefined);
    await other.ended();
    assert.equal(runs.current, other);
    await runs.resume(run);
    assert.equal(runs.current, run);
    assert.notDeepEqual(readRecord(run.directory).control, control, 'another address and token');
    await until(run, state => state.status === 'running' && state.step >= step + 3);
    assert.deepEqual(run.history.points.map(point => point.step), Array.from({ length: run.state.step }, (_, index) => index + 1));
    const { events } = readEvents(run.directory);
    assert.deepEqual(events.map(({ sequence }) => sequence), events.map((_, index) => index));
    run.stop();
    await run.ended();
    assert.equal(run.state.status, 'stopped');
  });

  it('goes on with another backend where one is named, and starts again with it', async () => {
    const run = await runs.launch(plan('saves'), undefined);
    await until(run, state => state.step >= 2);
    run.stop();
    await run.ended();
    await assert.rejects(runs.resume(run, { backend: 'abacus' }), /backend is "abacus", but must be auto, wasm/);
    await runs.resume(run, { backend: 'cpu' });
    await until(run, state => state.status === 'running');
    assert.equal(run.state.settings.backend, 'cpu');
    const again = await runs.restart(run, { backend: 'wasm' });
    assert.equal(readRecord(again.directory).settings['backend'], 'wasm');
    again.stop();
    await again.ended();
  });

  it('offers another backend where a signal ended the process of one that is not embedded', async () => {
    const run = await runs.launch({ ...plan('trains'), settings: { ...plan('trains').settings, backend: 'tensorflow' } }, undefined);
    await until(run, state => state.step >= 1);
    process.kill(readRecord(run.directory).pid!, 'SIGSEGV');
    await run.ended();
    assert.equal(run.state.status, 'failed');
    assert.match(run.state.message ?? '', /was ended by SIGSEGV at step/);
    assert.equal(run.state.finished?.fallback, 'wasm');
  });

  it('refuses to resume a run without a checkpoint, or one that is complete', async () => {
    const run = await runs.launch(plan('trains'), undefined);
    await until(run, state => state.step >= 1);
    run.stop();
    await run.ended();
    await assert.rejects(runs.resume(run), /trains cannot be resumed\. The run has no checkpoint.*Start it again/);
    const complete = await runs.launch(plan('completes'), undefined);
    await complete.ended();
    mkdirSync(checkpointsFolder(complete.directory));
    writeFileSync(checkpointFile(complete.directory, 1000).path, '');
    await assert.rejects(runs.resume(complete), /has completed its 10 epochs\. .*--epochs 11 or above/);
  });

  it('finds the trainer of a run that was resumed elsewhere', async () => {
    const run = await runs.launch(plan('saves'), undefined);
    await until(run, state => state.step >= 2);
    run.stop();
    await run.ended();
    assert.equal(await run.hasTrainer(), false);
    const elsewhere = new Runs({ trainerFile: fakeTrainer, log: new ListeningLog(), chooseNode: () => Promise.resolve(thisNode), runsRoot: () => folder() });
    const same = await elsewhere.open(run.directory);
    await elsewhere.resume(same);
    await until(same, state => state.status === 'running');
    assert.equal(await run.hasTrainer(), true);
    await until(run, state => state.status === 'running');
    same.stop();
    await Promise.all([same.ended(), run.ended()]);
    assert.equal(run.state.status, 'stopped');
    elsewhere.dispose();
  });

  it('opens a directory that held no run before', async () => {
    const directory = path.join(folder(), 'later');
    await assert.rejects(runs.open(directory), /not a run directory/);
    createRunDirectory(directory);
    writeRecord(directory, { version: 1, id: 'later', name: 'later', createdAt: new Date().toISOString(), source: { kind: 'preset', name: 'later' }, settings: {}, studio: 'test' });
    assert.equal((await runs.open(directory)).state.status, 'interrupted');
  });
});

describe('host: what is to be run', () => {
  it('resolves a preset, and names those there are when it is unknown', () => {
    assert.deepEqual(planPreset('digits-mlp').source, { kind: 'preset', name: 'digits-mlp' });
    assert.throws(() => planPreset('toString'), /"toString".*digits-mlp, digits-convnet/);
  });

  it('names a run after its file where the file gives no name', () => {
    assert.equal(planFile('{}', 'some/where/small.efcp.json').name, 'small');
    assert.equal(planFile('{"name": "Mine"}', 'small.efcp.json').name, 'Mine');
  });
});
