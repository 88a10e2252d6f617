import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { newRunDirectory } from '../../../src/host/runDirectory';
import { readEvents, readRecord, writeRecord } from '../../../src/protocol/runDirectory';
import { defaults } from '../../../src/settings/knobs';
import { fakeRuns, gone, helperOf, pidOf, until } from './fakeRuns';
import { wholeRun } from './recorded';

const eventsOf = (directory: string) => readEvents(directory).events;

describe('host: a run and its trainer', () => {
  const fake = fakeRuns();

  it('shows what the trainer recorded, each event once', async () => {
    const run = await fake.launch('completes');
    const seen: number[] = [];
    run.onDidChange(event => event && seen.push(event.sequence));
    await run.ended();
    assert.equal(run.state.status, 'completed');
    assert.deepEqual(seen, eventsOf(run.directory).map(event => event.sequence));
    assert.deepEqual(run.history.points.map(point => point.step), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('fills gaps of the wire from the file', async () => {
    const run = await fake.launch('skips-on-the-wire');
    await until(run, state => state.step >= 12);
    assert.deepEqual(run.history.points.map(point => point.step), Array.from({ length: run.state.step }, (_, index) => index + 1));
    assert.deepEqual(fake.log.lines, []);
  });

  it('changes settings, undoes, pauses and resumes', async () => {
    const run = await fake.launch('trains');
    await until(run, state => state.status === 'running');
    const { revision } = run.change({ density: 0.0025 });
    assert.deepEqual(run.state.pending.map(change => change.revision), [revision]);
    await until(run, state => state.changes.length === 1);
    assert.equal(run.state.settings.density, 0.0025);
    assert.deepEqual(run.state.pending, []);
    run.undoLast();
    await until(run, state => state.changes.length === 2);
    assert.equal(run.state.settings.density, defaults.density);
    assert.equal(run.state.changes[1]?.undoes, revision);
    assert.equal(run.undoLast(), undefined);
    run.pause();
    await until(run, state => state.status === 'paused');
    run.resume();
    await until(run, state => state.status === 'running');
  });

  it('shows a refused change without asking the trainer', async () => {
    const run = await fake.launch('trains');
    await until(run, state => state.status === 'running');
    assert.throws(() => run.change({ density: 7 }), /density is 7/);
    run.refuse('density is 7');
    assert.equal(run.state.rejected?.message, 'density is 7');
    assert.deepEqual(run.state.pending, []);
  });

  it('lets the trainer go on when the window goes, and attaches again without losing or doubling an event', async () => {
    const first = await fake.launch('trains');
    await until(first, state => state.step >= 3);
    first.dispose();
    const again = await fake.open(first.directory);
    assert.equal(again.state.status, 'running');
    await until(again, state => state.step >= first.state.step + 10);
    assert.deepEqual(again.history.points.map(point => point.step), Array.from({ length: again.state.step }, (_, index) => index + 1));
    again.stop();
    await again.ended();
    assert.equal(again.state.status, 'stopped');
  });

  it('stops politely', async () => {
    const run = await fake.launch('trains');
    await until(run, state => state.step >= 1);
    run.stop();
    assert.equal(run.state.status, 'stopping');
    await run.ended();
    const last = eventsOf(run.directory).at(-1);
    assert.equal(last?.type === 'finished' && last.reason, 'stopped');
    assert.equal(run.state.message, undefined);
    await gone(pidOf(run)!);
  });

  for (const { it: law, stops } of [{ it: 'after a while', stops: 1 }, { it: 'at once when asked twice', stops: 2 }]) {
    it(`ends a trainer that does not stop, with all it started, ${law}`, async () => {
      const run = await fake.launch('hangs', stops === 1 ? { stopMs: 100, killMs: 100 } : { stopMs: 60_000, killMs: 100 });
      await until(run, state => state.step >= 1);
      for (let asked = 0; asked < stops; asked++) run.stop();
      await run.ended();
      assert.equal(run.state.status, 'stopped');
      assert.match(run.state.message ?? '', /by force/);
      await gone(pidOf(run)!);
      await gone(helperOf(run));
      assert.equal(existsSync(run.record.control!.socket), false);
      const last = eventsOf(run.directory).at(-1);
      assert.deepEqual(last?.type === 'finished' && [last.reason, last.steps], ['stopped', run.state.step]);
    });
  }

  it('goes on after it was stopped, and can be paused, changed and stopped again', async () => {
    const run = await fake.launch('saves');
    await until(run, state => state.step >= 2);
    run.stop();
    await run.ended();
    const { step } = run.state;
    await fake.resume(run);
    await until(run, state => state.status === 'running' && state.step > step);
    run.pause();
    await until(run, state => state.status === 'paused');
    run.change({ density: 0.5 });
    await until(run, state => state.changes.length === 1);
    run.stop();
    assert.equal(run.state.status, 'stopping');
    await run.ended();
    assert.equal(run.state.status, 'stopped');
    const again = await fake.open(run.directory);
    assert.deepEqual([again.state.status, again.state.step, again.history.points.length], ['stopped', run.state.step, run.history.points.length]);
  });

  it('says why a trainer that should go on could not, where the run stood before', async () => {
    const run = await fake.launch('saves');
    await until(run, state => state.step >= 2);
    run.stop();
    await run.ended();
    rmSync(path.join(run.directory, 'checkpoints'), { recursive: true });
    await fake.resume(run);
    await run.ended();
    assert.equal(run.state.status, 'failed');
    assert.match(run.state.message ?? '', /ended with exit code 1 at step \d+.*ENOENT/s);
  });

  it('ends a trainer that finished but does not exit', async () => {
    const run = await fake.launch('lingers', { stopMs: 100, killMs: 100 });
    await run.ended();
    assert.equal(run.state.status, 'completed');
    await gone(pidOf(run)!);
  });
});

describe('host: a run that goes wrong', () => {
  const fake = fakeRuns();

  it('says why a trainer crashed at once, and leaves a directory that says so too', async () => {
    const run = await fake.launch('crashes');
    await run.ended();
    for (const part of ['exit code 3', 'before it trained', process.version, process.execPath, 'the model cannot be built', 'efcp.nodePath']) {
      assert.ok(run.state.message?.includes(part), `${part} is missing in: ${run.state.message ?? ''}`);
    }
    const again = await fake.open(run.directory);
    assert.deepEqual([again.state.status, again.state.message], ['failed', run.state.message]);
  });

  it('says at which step it broke, with the figures that were reached', async () => {
    const run = await fake.launch('throws-later');
    await run.ended();
    assert.match(run.state.message ?? '', /at step 5.*it broke at step 5/s);
    const last = eventsOf(run.directory).at(-1);
    assert.deepEqual(last?.type === 'finished' && [last.reason, last.steps, last.metrics.loss, last.peakBytes], ['failed', 5, 1 / 5, 4005]);
  });

  it('ends a trainer that does not listen', async () => {
    const run = await fake.launch('deaf', { connectMs: 200, killMs: 100 });
    await run.ended();
    assert.equal(run.state.status, 'failed');
    assert.match(run.state.message ?? '', /did not listen within 0.2 s/);
    await gone(pidOf(run)!);
  });

  it('says that a program cannot be started', async () => {
    const run = await fake.launch('trains', {}, { path: '/nowhere/node', version: 'v99.0.0', reason: 'a test', environment: {} });
    await run.ended();
    assert.equal(run.state.status, 'failed');
    assert.match(run.state.message ?? '', /could not be started.*\/nowhere\/node/s);
  });

  it('shows a run as interrupted whose trainer is gone without a word, and changes nothing in it', async () => {
    const { directory } = newRunDirectory(fake.folder(), { name: 'gone', source: { kind: 'preset', name: 'gone' }, settings: defaults, studio: 'test' });
    const text = `${wholeRun(5).slice(0, -1).map(event => JSON.stringify(event)).join('\n')}\n{"type":"sam`;
    writeFileSync(path.join(directory, 'events.jsonl'), text);
    const run = await fake.open(directory);
    assert.deepEqual([run.state.status, run.state.step], ['interrupted', 5]);
    assert.throws(() => run.change({ density: 0.1 }), /is over/);
    assert.equal(readFileSync(path.join(directory, 'events.jsonl'), 'utf8'), text);
  });

  it('shows what is left of a damaged run, and says which lines are lost', async () => {
    const { directory } = newRunDirectory(fake.folder(), { name: 'damaged', source: { kind: 'preset', name: 'damaged' }, settings: defaults, studio: 'test' });
    const lines = wholeRun(6).map(event => JSON.stringify(event));
    writeFileSync(path.join(directory, 'events.jsonl'), `${lines.with(3, 'damage').join('\n')}\n`);
    const run = await fake.open(directory);
    assert.equal(run.state.status, 'completed');
    assert.deepEqual(run.history.points.map(point => point.step), [1, 2, 4, 5, 6]);
    assert.match(run.state.message ?? '', /line 4 /);
  });

  it('follows a run of the command line, and leaves its control to the terminal', async () => {
    const { directory } = newRunDirectory(fake.folder(), { name: 'terminal', source: { kind: 'preset', name: 'terminal' }, settings: defaults, studio: 'test' });
    const { control, ...record } = readRecord(directory);
    assert.ok(control);
    writeRecord(directory, { ...record, pid: process.pid });
    const [first, ...rest] = wholeRun(3).map(event => `${JSON.stringify(event)}\n`);
    writeFileSync(path.join(directory, 'events.jsonl'), first!);
    const run = await fake.open(directory);
    assert.equal(run.state.status, 'running');
    assert.throws(() => run.stop(), /terminal/);
    assert.throws(() => run.change({ density: 0.1 }), /terminal/);
    assert.equal(run.state.status, 'running');
    appendFileSync(path.join(directory, 'events.jsonl'), rest.join(''));
    await until(run, state => state.status === 'completed');
    run.dispose();
    writeRecord(directory, { ...record });
  });

  it('refuses a folder that holds no run', async () => {
    await assert.rejects(fake.open(fake.folder()), /not a run directory/);
  });
});
