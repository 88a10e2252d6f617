import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { comparisonSoFar } from '../../../../src/protocol/comparison';
import { createRunDirectory, readEvents } from '../../../../src/protocol/runDirectory';
import type { RunRecord } from '../../../../src/protocol/runFiles';
import { applyEvent, initialState } from '../../../../src/protocol/runState';
import { defaults, type Settings } from '../../../../src/settings/knobs';
import { resolveSettings } from '../../../../src/settings/validate';
import { assemble } from '../../../../src/trainer/assemble';
import { Mailbox } from '../../../../src/trainer/mailbox';
import { runSession } from '../../../../src/trainer/session';
import { train } from '../../../../src/trainer/train';
import { assets } from '../../../support/assets';

const settings = { model: 'mlp', optimizer: 'sgd', batchSize: 512, epochs: 1, backend: 'wasm', checkpointEvery: null } as const satisfies Partial<Settings>;

describe('what was predicted beside what was measured', function () {
  this.timeout(60_000);
  const directory = mkdtempSync(path.join(tmpdir(), 'efcp-beside-'));
  after(() => { rmSync(directory, { recursive: true, force: true }); });

  function session(name: string, given: Partial<Settings>, mailbox = new Mailbox()) {
    const folder = path.join(directory, name);
    createRunDirectory(folder);
    const record: RunRecord = { version: 1, id: name, name, createdAt: new Date().toISOString(), source: { kind: 'preset', name: 'digits-mlp' }, settings: given, studio: 'test' };
    return { folder, finished: runSession({ directory: folder, record, assets, mailbox, listen: () => undefined }) };
  }

  it('is recorded when a run ends, the same to the byte', async () => {
    const { folder, finished } = session('run', settings);
    const { comparison } = await finished;
    const { events } = readEvents(folder);
    const started = events.find(event => event.type === 'started');
    assert.equal(started?.predicted?.peakBytes, comparison?.peakBytes.predicted);
    assert.equal(comparison?.peakBytes.measured, comparison?.peakBytes.predicted);
    assert.equal(comparison?.storedBytes?.measured, comparison?.storedBytes?.predicted);
    assert.ok(comparison!.stepMs!.predicted > 0 && comparison!.stepMs!.measured > 0);
    const state = initialState(defaults);
    for (const event of events) applyEvent(state, event);
    const shown = comparisonSoFar(state)!;
    assert.ok(Math.abs(shown.stepMs!.measured / comparison!.stepMs!.measured - 1) < 1e-9, 'recorded samples are means of several steps');
    assert.deepEqual({ ...shown, stepMs: comparison!.stepMs }, comparison, 'panel and report show what the run said at its end');
  });

  it('ends with a change that alters bytes', async () => {
    const mailbox = new Mailbox();
    mailbox.post({ type: 'change', revision: 1, settings: { momentum: 0 } });
    const { finished } = session('changed', { ...settings, momentum: 0.9 }, mailbox);
    assert.equal((await finished).comparison, undefined);
  });

  it('leaves the training as it is', async () => {
    const { folder, finished } = session('same', settings);
    await finished;
    const run = await assemble(resolveSettings(settings), { assets });
    let validation: number | undefined;
    for await (const event of train(resolveSettings(settings), run, new Mailbox())) if (event.type === 'validation') validation = event.loss;
    assert.equal(readEvents(folder).events.findLast(event => event.type === 'validation')?.loss, validation);
  });

  it('is left out where it cannot be said', async () => {
    const { folder, finished } = session('window', { ...settings, optimizer: 'dense-mfac', window: 20, placement: 'device', batchSize: 4096 });
    const { reason, comparison } = await finished;
    assert.deepEqual([reason, comparison, readEvents(folder).events.find(event => event.type === 'started')?.predicted], ['completed', undefined, undefined]);
  });
});
