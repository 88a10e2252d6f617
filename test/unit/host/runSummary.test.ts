import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { newRunDirectory } from '../../../src/host/runDirectory';
import { isResumable, listRuns } from '../../../src/host/runSummary';
import { checkpointFile, checkpointsFolder } from '../../../src/protocol/checkpointFiles';
import type { RunEvent } from '../../../src/protocol/runEvents';
import { defaults } from '../../../src/settings/knobs';
import { restored, sample, started, wholeRun } from './recorded';
import { scratchFolder } from './scratch';

describe('host: the list of runs', () => {
  const folder = scratchFolder();

  function record(name: string, minute: number, events: readonly RunEvent[]): void {
    const { directory } = newRunDirectory(folder(), { name, source: { kind: 'preset', name }, settings: defaults, studio: 'test' }, new Date(Date.UTC(2026, 0, 1, 0, minute)));
    writeFileSync(path.join(directory, 'events.jsonl'), events.map(event => `${JSON.stringify(event)}\n`).join(''));
  }

  it('is newest first, says how each run stands, and passes over what is no run', async () => {
    record('finished', 1, wholeRun(2000));
    record('cut off', 3, [started(), sample(1, 1), { type: 'validation', sequence: 2, time: 2, step: 1, loss: 1, accuracy: 0.75 }, sample(3, 2)]);
    record('fresh', 2, []);
    mkdirSync(path.join(folder(), 'no-run'));
    const listed = (await listRuns([folder(), path.join(folder(), 'missing')], 10)).map(({ name, status, steps, validationAccuracy }) => ({ name, status, steps, validationAccuracy }));
    assert.deepEqual(listed, [
      { name: 'cut off', status: 'interrupted', steps: 2, validationAccuracy: 0.75 },
      { name: 'fresh', status: 'interrupted', steps: 0, validationAccuracy: undefined },
      { name: 'finished', status: 'completed', steps: 2000, validationAccuracy: undefined },
    ]);
  });

  it('says of a resumed run how it stands now, not how it ended before', async () => {
    const [first, ...rest] = wholeRun(3);
    const ended = [first!, ...rest.slice(0, -1), { ...rest.at(-1)!, reason: 'stopped' } as RunEvent];
    record('goes on', 1, [...ended, restored(5, 2), sample(6, 3)]);
    record('just restored', 2, [...ended, restored(5, 2)]);
    const listed = (await listRuns([folder()], 10)).map(({ name, status, steps }) => [name, status, steps]);
    assert.deepEqual(listed, [['just restored', 'interrupted', 2], ['goes on', 'interrupted', 3]]);
  });

  it('knows which ones can be resumed: those that ended too early, with a checkpoint', async () => {
    const ending = (reason: 'completed' | 'stopped' | 'failed'): RunEvent => ({ type: 'finished', sequence: 2, time: 2, reason, steps: 1, metrics: {} });
    record('killed', 1, [started(), sample(1, 1)]);
    for (const [minute, reason] of [[2, 'completed'], [3, 'stopped'], [4, 'failed']] as const) record(reason, minute, [started(), sample(1, 1), ending(reason)]);
    const withoutCheckpoint = await listRuns([folder()], 10);
    assert.deepEqual(withoutCheckpoint.filter(isResumable), []);
    for (const { directory } of withoutCheckpoint) {
      mkdirSync(checkpointsFolder(directory));
      writeFileSync(checkpointFile(directory, 1).path, '');
    }
    assert.deepEqual(withoutCheckpoint.filter(isResumable).map(({ name }) => name), ['failed', 'stopped', 'killed']);
  });
});
