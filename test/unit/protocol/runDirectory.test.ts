import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { appendEvent, createRunDirectory, lastEvent, newRunId, readEvents, readRecord, writeRecord } from '../../../src/protocol/runDirectory';
import type { RunEvent } from '../../../src/protocol/runEvents';
import type { RunRecord } from '../../../src/protocol/runFiles';

const record: RunRecord = {
  version: 1, id: 'a', name: 'A', createdAt: '2026-01-02T03:04:05.000Z', source: { kind: 'preset', name: 'digits-mlp' }, settings: { density: 0.5 }, studio: '0.1.0',
  control: { socket: 'somewhere', token: 'secret' },
};
const paused = (sequence: number): RunEvent => ({ type: 'paused', sequence, time: 1, step: 3 });

describe('protocol: run directory', () => {
  let workspace: string;
  let directory: string;
  beforeEach(() => {
    workspace = mkdtempSync(path.join(tmpdir(), 'efcp-test-'));
    directory = path.join(workspace, '.efcp', 'runs', 'a');
    createRunDirectory(directory);
  });
  afterEach(() => { rmSync(workspace, { recursive: true }); });

  it('gives back the record, readable by its owner only', () => {
    writeRecord(directory, record);
    assert.deepEqual(readRecord(directory), record);
    if (process.platform !== 'win32') assert.equal(statSync(path.join(directory, 'run.json')).mode & 0o077, 0);
  });

  it('keeps runs out of version control', () => {
    assert.equal(readFileSync(path.join(workspace, '.efcp', '.gitignore'), 'utf8'), '*\n');
  });

  it('gives back the events in order, and none for a run that wrote none', () => {
    assert.deepEqual(readEvents(directory), { events: [], damagedLines: [] });
    appendEvent(directory, paused(0));
    appendEvent(directory, paused(1));
    assert.deepEqual(readEvents(directory).events, [paused(0), paused(1)]);
  });

  it('skips a torn last line and damage in the middle, and names them', () => {
    const file = path.join(directory, 'events.jsonl');
    writeFileSync(file, `${JSON.stringify(paused(0))}\nnot json\n{"type":"paused"}\n${JSON.stringify(paused(1))}\n`);
    appendFileSync(file, JSON.stringify(paused(2)).slice(0, 20));
    assert.deepEqual(readEvents(directory), { events: [paused(0), paused(1)], damagedLines: [2, 3, 5] });
    appendEvent(directory, paused(3));
    assert.deepEqual(readEvents(directory).events.at(-1), paused(3));
  });

  it('reads a long file piece by piece, whatever stands where two pieces meet', () => {
    const alarms = Array.from({ length: 3000 }, (_, sequence): RunEvent => ({ type: 'alarm', sequence, time: sequence, kind: 'budget', step: sequence, message: '\u20ac'.repeat(700 + sequence % 7), action: 'noted' }));
    const file = path.join(directory, 'events.jsonl');
    writeFileSync(file, alarms.map(event => `${JSON.stringify(event)}\n`).join(''));
    assert.ok(statSync(file).size > 6_000_000);
    assert.deepEqual(readEvents(directory), { events: alarms, damagedLines: [] });
    assert.equal(lastEvent(directory, event => event.type === 'alarm')?.sequence, 2999);
    assert.equal(lastEvent(directory, event => event.type === 'finished'), undefined);
    appendFileSync(file, '{"torn');
    appendEvent(directory, paused(3000));
    assert.deepEqual([readEvents(directory).events.length, readEvents(directory).damagedLines], [3001, [3001]]);
  });

  it('says what is wrong with a folder that holds no run', () => {
    assert.throws(() => readRecord(workspace), /is not a run directory.*Give a folder/);
    writeFileSync(path.join(directory, 'run.json'), '{');
    assert.throws(() => readRecord(directory), /run\.json is damaged/);
    assert.ok(existsSync(directory));
  });

  it('names runs so that they sort by time', () => {
    const early = newRunId('My Run: 1', new Date('2026-01-02T03:04:05Z'));
    assert.match(early, /^20260102-030405-my-run-1-[0-9a-f]{4}$/);
    assert.ok(early < newRunId('a', new Date('2026-01-02T03:04:06Z')));
    assert.match(newRunId('///', new Date()), /-run-/);
  });
});
