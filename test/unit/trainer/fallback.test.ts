import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadBackend } from '../../../src/backends/loadBackend';
import { createRunDirectory, readEvents } from '../../../src/protocol/runDirectory';
import type { RunEvent } from '../../../src/protocol/runEvents';
import { studioVersion } from '../../../src/protocol/version';
import { Mailbox } from '../../../src/trainer/mailbox';
import { runSession, type Session } from '../../../src/trainer/session';
import { assets } from '../../support/assets';
import { bareAssets } from '../../support/bareAssets';
import { fillDevice, FakeWorkspace, runningOutOfMemory, training } from '../../support/fakeWorkspace';
import { smallRun } from '../../support/collectRun';

/** 18 steps an epoch, a checkpoint every third of one. */
const settings = { ...smallRun, batchSize: 512, epochs: 1, checkpointEvery: 0.3, seed: 3 };

describe('trainer: a backend that fails', () => {
  let workspace: FakeWorkspace;
  let directory: string;
  beforeEach(() => {
    workspace = new FakeWorkspace();
    directory = path.join(mkdtempSync(path.join(tmpdir(), 'efcp-run-')), 'run');
    createRunDirectory(directory);
  });
  afterEach(async () => {
    await loadBackend('cpu', { assets });
    workspace.remove();
    rmSync(path.dirname(directory), { recursive: true });
  });

  function session(backend: Session['record']['settings'][string], more: Partial<Session> = {}): Session {
    return {
      directory, assets: bareAssets(), mailbox: new Mailbox(), listen: () => undefined,
      record: { version: 1, id: 'run', name: 'run', createdAt: new Date().toISOString(), source: { kind: 'preset', name: 'digits-mlp' }, studio: studioVersion, workspace: workspace.folder, settings: { ...settings, backend } },
      ...more,
    };
  }
  const events = (): readonly RunEvent[] => readEvents(directory).events;

  it('in the middle of a run ends it with what happened and the next best, on which it goes on from its checkpoint', async () => {
    workspace.install('tfjs-node', runningOutOfMemory);
    const failed = await runSession(session('tensorflow', { listen: event => { if (event.type === 'sample' && event.step === 9) fillDevice(); } }));
    assert.equal(failed.reason, 'failed');
    assert.equal(failed.steps, 9);
    assert.match(failed.message ?? '', /The backend tensorflow ran out of memory: OOM when allocating.*Lower batchSize, or use another backend/);
    assert.equal(failed.fallback, 'wasm');

    const finished = await runSession(session('tensorflow', { resume: { backend: 'wasm' } }));
    assert.equal(finished.reason, 'completed', finished.message);
    const restored = events().findLast(event => event.type === 'restored');
    assert.equal(restored?.backend.name, 'wasm');
    assert.equal(restored.settings['backend'], 'wasm');
    assert.ok(restored.step > 0 && restored.step <= 9);

    const longer = await runSession(session('tensorflow', { resume: { epochs: 2 } }));
    assert.equal(longer.reason, 'completed', longer.message);
    assert.equal(events().findLast(event => event.type === 'restored')?.backend.name, 'wasm', 'it stays there without being told again');
  });

  it('before the first step ends the run in the same way', async () => {
    workspace.install('tfjs-node-gpu', "throw new Error('libcudart.so.11.0: cannot open shared object file')");
    const failed = await runSession(session('tensorflow'));
    assert.deepEqual([failed.reason, failed.steps, failed.fallback], ['failed', 0, 'wasm']);
    assert.match(failed.message ?? '', /does not load: libcudart/);
  });

  it('leaves other failures without an offer', async () => {
    const failed = await runSession(session('wasm', { record: { ...session('wasm').record, settings: { ...settings, backend: 'wasm', learningRate: 100, optimizer: 'sgd' } } }));
    assert.equal(failed.reason, 'failed');
    assert.match(failed.message ?? '', /diverged/);
    assert.equal(failed.fallback, undefined);
  });

  it('auto tells what it measures and records what it chose from', async () => {
    workspace.install('tfjs-node', training);
    const finished = await runSession(session('auto'));
    assert.equal(finished.reason, 'completed', finished.message);
    const [first] = events();
    assert.ok(first?.type === 'preparing' && first.what === 'measuring tensorflow with mlp, batch 512');
    const started = events().find(event => event.type === 'started');
    assert.deepEqual(started?.backend.alternatives?.map(({ name }) => name), ['wasm', 'tensorflow']);
    assert.match(started.backend.reason, /the fastest of 2 here with mlp, batch 512/);
  });

  it('a run that is stopped while auto measures is stopped, not failed', async () => {
    workspace.install('tfjs-node', 'for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);');
    const mailbox = new Mailbox();
    const finished = await runSession(session('auto', { mailbox, listen: event => { if (event.type === 'preparing') setTimeout(() => { mailbox.post({ type: 'stop' }); }, 200); } }));
    assert.deepEqual([finished.reason, finished.steps], ['stopped', 0]);
  });
});
