import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkpointFile, checkpointsFolder, listCheckpoints } from '../../../src/protocol/checkpointFiles';
import { whyNotResumed } from '../../../src/protocol/resumption';
import type { RunStatus } from '../../../src/protocol/runState';
import { defaults } from '../../../src/settings/knobs';
import { started } from '../host/recorded';

describe('protocol: the checkpoints of a run directory', () => {
  it('are listed newest first, and nothing else is', () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'efcp-test-'));
    try {
      assert.deepEqual(listCheckpoints(directory), []);
      mkdirSync(checkpointsFolder(directory));
      const names = ['step-00000099.safetensors', 'step-00001234.safetensors', 'step-123456789.safetensors', 'step-00000007.safetensors.tmp', 'step-00000008.safetensors.refused', 'step-9.safetensors', 'notes.txt'];
      for (const name of names) writeFileSync(path.join(checkpointsFolder(directory), name), '');
      assert.deepEqual(listCheckpoints(directory).map(({ name, step }) => [name, step]), [[names[2], 123456789], [names[1], 1234], [names[0], 99]]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('protocol: whether a run can go on', () => {
  const checkpoints = [checkpointFile('run', 25)];
  const why = (status: RunStatus, epochs?: number, there = checkpoints) => whyNotResumed({ status, settings: defaults, started: started() }, there, epochs);

  for (const status of ['stopped', 'failed', 'interrupted'] as const) it(`can where it was ${status}`, () => assert.equal(why(status), undefined));
  for (const status of ['starting', 'running', 'paused', 'stopping'] as const) {
    it(`cannot while it is ${status}`, () => assert.match(why(status) ?? '', new RegExp(`is ${status}: its process is still there\\. Stop it first`)));
  }
  it('cannot without a checkpoint', () => assert.match(why('stopped', undefined, []) ?? '', /has no checkpoint.*checkpointEvery is null.*Start it again/));
  it('cannot where it is complete, unless for more epochs than it has made', () => {
    assert.match(why('completed', undefined, [checkpointFile('run', 1000)]) ?? '', /completed its 10 epochs\. .*--epochs 11 or above/);
    assert.match(why('completed', 2) ?? '', /epochs is 2, but the run has already trained for 2\.5 \(25 steps\)\. Give 3 or above/);
    assert.equal(why('completed', 3), undefined);
  });
  it('can from a checkpoint before its end', () => assert.equal(why('completed'), undefined));
});
