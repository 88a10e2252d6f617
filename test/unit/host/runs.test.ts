import assert from 'node:assert/strict';
import path from 'node:path';
import { planFile, planPreset } from '../../../src/host/runPlan';
import { Runs } from '../../../src/host/runs';
import { createRunDirectory, readRecord, writeRecord } from '../../../src/protocol/runDirectory';
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
