import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { newRunDirectory, type RunDraft } from '../../../src/host/runDirectory';
import { readRecord } from '../../../src/protocol/runDirectory';
import { runsFolder } from '../../../src/protocol/runFiles';
import { defaults } from '../../../src/settings/knobs';
import { scratchFolder } from './scratch';

const draft: RunDraft = {
  name: 'Digits, perceptron', source: { kind: 'preset', name: 'digits-mlp' }, settings: defaults, studio: '0.1.0', workspace: '/work',
  node: { path: '/bin/node', version: 'v20.0.0', reason: 'a test' },
};

describe('host: a new run directory', () => {
  const folder = scratchFolder();
  const root = () => path.join(folder(), runsFolder);

  it('gives back the record that was written', () => {
    const { directory, record } = newRunDirectory(root(), draft);
    assert.deepEqual(readRecord(directory), record);
    assert.equal(path.basename(directory), record.id);
    for (const [field, value] of Object.entries(draft)) assert.deepEqual(record[field as keyof RunDraft], value, field);
  });

  it('keeps the record, which holds the token, from other users', function () {
    if (process.platform === 'win32') this.skip();
    const { directory } = newRunDirectory(root(), draft);
    assert.equal(statSync(path.join(directory, 'run.json')).mode & 0o777, 0o600);
  });

  it('gives every run its own place, address and token, even within one instant', () => {
    const now = new Date();
    const made = Array.from({ length: 20 }, () => newRunDirectory(root(), draft, now));
    for (const part of [made.map(run => run.directory), made.map(run => run.record.control?.socket), made.map(run => run.record.control?.token)]) {
      assert.equal(new Set(part).size, made.length);
    }
  });

  it('keeps runs out of version control', () => {
    newRunDirectory(root(), draft);
    assert.equal(readFileSync(path.join(folder(), '.efcp/.gitignore'), 'utf8').trim(), '*');
  });

  it('says where it cannot write and what to do', () => {
    writeFileSync(path.join(folder(), '.efcp'), 'in the way');
    assert.throws(() => newRunDirectory(root(), draft), (error: unknown) => error instanceof Error && error.message.includes(root()) && error.message.includes('Make its folder writable'));
  });
});
