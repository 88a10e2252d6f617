import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { newRunDirectory } from '../../../src/host/runDirectory';
import { listRuns } from '../../../src/host/runSummary';
import type { RunEvent } from '../../../src/protocol/runEvents';
import { defaults } from '../../../src/settings/knobs';
import { sample, started, wholeRun } from './recorded';
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
});
