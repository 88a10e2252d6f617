import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadBackend } from '../../../src/backends/loadBackend';
import { appendEvent } from '../../../src/protocol/runDirectory';
import type { RunEvent, SnapshotEvent } from '../../../src/protocol/runEvents';
import { applyEvent, initialState } from '../../../src/protocol/runState';
import { decodeSnapshot } from '../../../src/protocol/snapshot/decodeSnapshot';
import { listSnapshots, snapshotsFolder } from '../../../src/protocol/snapshotFiles';
import { keptSnapshots } from '../../../src/protocol/snapshotsKept';
import { defaultsFor, type Settings } from '../../../src/settings/knobs';
import { assemble, type Assembly } from '../../../src/trainer/assemble';
import { Capture, type Taken } from '../../../src/trainer/capture';
import { Mailbox } from '../../../src/trainer/mailbox';
import { SnapshotStore } from '../../../src/trainer/snapshotStore';
import { train, type TrainingEvent } from '../../../src/trainer/train';
import { assets } from '../../support/assets';
import { ofType } from '../../support/collectRun';
import { sabotage, type Sabotage } from '../../support/sabotage';
import { peakByDefinition } from '../../support/snapshotPeak';
import { scratchFolder } from '../host/scratch';

const settings: Settings = { ...defaultsFor('sgd'), optimizer: 'sgd', backend: 'wasm', batchSize: 512, epochs: 1, checkpointEvery: 0 };

describe('trainer: capture', () => {
  const folder = scratchFolder();
  before(() => loadBackend('wasm', { assets }));

  /** Records what `observe` asks for, and stops after ten steps. */
  async function run(
    changed: Partial<Settings>, observe: (event: TrainingEvent, mailbox: Mailbox) => void, directory: string | null = folder(),
    { isAnswered = false, prepare = () => undefined }: { readonly isAnswered?: boolean; readonly prepare?: (run: Assembly) => void } = {},
  ): Promise<TrainingEvent[]> {
    const all = { ...settings, ...changed };
    const mailbox = new Mailbox();
    const events: TrainingEvent[] = [];
    const snapshots = directory === null ? {} : { snapshots: { store: new SnapshotStore(directory), run: 'this-run' } };
    const assembly = await assemble(all, { assets });
    prepare(assembly);
    for await (const event of train(all, assembly, mailbox, { ...snapshots, isAnswered })) {
      events.push(event);
      observe(event, mailbox);
      if (event.type === 'sample' && event.step === 10) mailbox.post({ type: 'stop' });
    }
    return events;
  }

  const read = (file: string) => decodeSnapshot(readFileSync(path.join(snapshotsFolder(folder()), file)));

  it('records the step after it is asked to, whose peak is that of the step', async () => {
    const events = await run({ snapshotAtPeak: false }, (event, mailbox) => { if (event.type === 'sample' && event.step === 4) mailbox.post({ type: 'capture' }); });
    const [told, ...others] = ofType(events, 'snapshot');
    assert.deepEqual(others, []);
    const { memory } = ofType(events, 'sample')[4]!;
    assert.deepEqual([told?.step, told?.file, told?.reason, told?.peakBytes], [5, 'step-00000005.efcpsnap', 'asked', memory.peakBytes]);
    assert.equal(events.indexOf(told!), events.findIndex(event => event.type === 'sample' && event.step === 5) + 1);
    const snapshot = read('step-00000005.efcpsnap');
    const { peakBytes, bytesAtPeak } = peakByDefinition(snapshot);
    assert.deepEqual([peakBytes, bytesAtPeak], [memory.peakBytes, memory.bytesAtPeak]);
    const { takenAt, stepMs = NaN, usualStepMs = NaN, settings: recorded, ...about } = snapshot.about;
    assert.deepEqual(about, { model: 'mlp', backend: 'wasm', step: 5, examples: 512, reason: 'asked', run: 'this-run' });
    assert.deepEqual(recorded, JSON.parse(JSON.stringify({ ...settings, snapshotAtPeak: false })));
    assert.deepEqual([told?.stepMs, told?.usualStepMs, told?.events], [stepMs, usualStepMs, snapshot.events.kind.length]);
    assert.ok(stepMs > 0 && usualStepMs > 0 && !Number.isNaN(Date.parse(takenAt)));
  });

  it('records a new peak by itself, never in the first step, and not again while none is higher', async () => {
    const told = ofType(await run({}, () => undefined), 'snapshot');
    assert.deepEqual(told.map(({ step, reason }) => [step, reason]), [[3, 'peak']]);
    assert.deepEqual(listSnapshots(folder()).map(({ step }) => step), [3]);
  });

  it('writes one file of a step that is both asked for and a peak', async () => {
    const told = ofType(await run({}, (event, mailbox) => { if (event.type === 'sample' && event.step === 2) mailbox.post({ type: 'capture' }); }), 'snapshot');
    assert.deepEqual(told.map(({ step, reason }) => [step, reason]), [[3, 'asked']]);
  });

  it('goes on after what cannot be written, and says why', async () => {
    for (const [directory, message] of [[path.join(folder(), 'broken'), /^The snapshot of step 3 could not be kept: .*(EEXIST|ENOTDIR).*Training goes on/], [null, /the run has no folder to keep it in/]] as const) {
      if (directory !== null) {
        mkdirSync(directory);
        writeFileSync(snapshotsFolder(directory), 'a file where the folder must be');
      }
      const events = await run({ snapshotAtPeak: directory !== null }, (event, mailbox) => {
        if (directory === null && event.type === 'sample' && event.step === 2) mailbox.post({ type: 'capture' });
      }, directory);
      const [note] = ofType(events, 'notSaved');
      assert.match(note?.message ?? '', message);
      assert.deepEqual([note?.what, note?.step, ofType(events, 'finished')[0]?.reason, ofType(events, 'finished')[0]?.steps], ['snapshot', 3, 'stopped', 10]);
    }
  });

  describe('the memory budget', () => {
    const peaksOf = async (changed: Partial<Settings>, observe: (event: TrainingEvent, mailbox: Mailbox) => void = () => undefined) => {
      const events = await run({ onAlarm: 'note', ...changed }, observe);
      return { events, told: ofType(events, 'snapshot').map(({ step, reason, peakBytes }) => [step, reason, peakBytes]), peaks: ofType(events, 'sample').map(({ memory }) => memory.peakBytes) };
    };

    it('is exceeded by a step that is recorded: that very one, before the alarm', async () => {
      const { events, told, peaks } = await peaksOf({ memoryBudget: 1, validationFraction: 0.01 });
      assert.deepEqual(told, [[1, 'peak', peaks[0]]]);
      assert.deepEqual(events.filter(({ type }) => type === 'snapshot' || type === 'alarm').map(({ type }) => type), ['snapshot', 'alarm']);
      const { peakBytes, bytesAtPeak } = peakByDefinition(read('step-00000001.efcpsnap'));
      assert.deepEqual([peakBytes, bytesAtPeak], [peaks[0], ofType(events, 'sample')[0]!.memory.bytesAtPeak]);
    });

    it('is exceeded after a change of settings: the first step with these is recorded', async () => {
      const free = await peaksOf({ validationFraction: 0.01, microbatch: 64 });
      const memoryBudget = 1.05 * free.peaks[4]! / 1e6;
      const { told, peaks, events } = await peaksOf({ memoryBudget, validationFraction: 0.01, microbatch: 64, snapshotAtPeak: true }, (event, mailbox) => {
        if (event.type === 'sample' && event.step === 6) mailbox.post({ type: 'change', revision: 1, settings: { microbatch: null } });
      });
      assert.deepEqual(told.at(-1), [7, 'peak', peaks[6]]);
      assert.deepEqual(ofType(events, 'alarm').map(({ kind, step }) => [kind, step]), [['budget', 7]]);
    });

    it('is kept: nothing is written for it; nor where no snapshots are wanted', async () => {
      const kept = await peaksOf({ memoryBudget: 1000 });
      assert.deepEqual(kept.told.map(([step]) => step), [3]);
      assert.deepEqual((await peaksOf({ memoryBudget: 1, snapshotAtPeak: false })).told, []);
    });
  });

  describe('asked for, and then an alarm', () => {
    const asking = (event: TrainingEvent, mailbox: Mailbox) => { if (event.type === 'sample' && event.step === 2) mailbox.post({ type: 'capture' }); };

    it('records the step when it is tried again: no memory, a fix, the same batch', async () => {
      let fails = false;
      const events = await run({ snapshotAtPeak: false }, (event, mailbox) => {
        asking(event, mailbox);
        fails = event.type === 'sample' && event.step === 2;
        if (event.type !== 'paused') return;
        mailbox.post({ type: 'change', revision: 1, settings: { microbatch: 256 } });
        mailbox.post({ type: 'resume' });
      }, folder(), { isAnswered: true, prepare: assembly => {
        const take = assembly.stepper.run.bind(assembly.stepper);
        Object.assign(assembly.stepper, { run: (...given: Parameters<typeof take>) => fails ? Promise.reject(new RangeError('Array buffer allocation failed')) : take(...given) });
      } });
      assert.deepEqual(ofType(events, 'alarm').map(({ kind, step }) => [kind, step]), [['outOfMemory', 2]]);
      const [told, ...more] = ofType(events, 'snapshot');
      assert.deepEqual([told?.step, told?.reason, more.length], [3, 'asked', 0]);
      const { peakBytes } = peakByDefinition(read('step-00000003.efcpsnap'));
      assert.equal(peakBytes, ofType(events, 'sample').find(({ step }) => step === 3)?.memory.peakBytes, 'of the step that was taken, without what failed before');
      assert.equal(read('step-00000003.efcpsnap').about.settings['microbatch'], 256);
    });

    it('records the step after one that is left out', async () => {
      let broken: Sabotage | undefined;
      const events = await run({ snapshotAtPeak: false, onAlarm: 'note' }, (event, mailbox) => {
        asking(event, mailbox);
        broken!.isArmed = event.type === 'sample' && event.step === 2;
      }, folder(), { prepare: assembly => { broken = sabotage(assembly, 'dense2', 'forward', Number.NaN); } });
      assert.deepEqual(ofType(events, 'alarm').map(({ kind, step, action }) => [kind, step, action]), [['nonFinite', 2, 'noted']]);
      assert.deepEqual(ofType(events, 'snapshot').map(({ step, reason }) => [step, reason]), [[4, 'asked']]);
    });

    it('asked for while the run waits, records its first step after that', async () => {
      const events = await run({ snapshotAtPeak: false, memoryBudget: 1 }, (event, mailbox) => {
        if (event.type !== 'paused') return;
        mailbox.post({ type: 'capture' });
        mailbox.post({ type: 'resume' });
      }, folder(), { isAnswered: true });
      assert.deepEqual(ofType(events, 'alarm').map(({ step, action }) => [step, action]), [[1, 'paused']]);
      assert.deepEqual(ofType(events, 'snapshot').map(({ step, reason }) => [step, reason]), [[2, 'asked']]);
    });
  });

  it('says what is missing where other threads compute, and takes no peak of theirs for one of ours', async () => {
    const told = ofType(await run({ workers: 2 }, (event, mailbox) => { if (event.type === 'sample' && event.step === 4) mailbox.post({ type: 'capture' }); }), 'snapshot');
    assert.deepEqual(told.map(({ step, reason }) => [step, reason]), [[5, 'asked']]);
    assert.match(read(told[0]!.file).about.lacks ?? '', /other workers/);
  });
});

describe('trainer: what is kept of recorded steps', () => {
  const folder = scratchFolder();
  const bytes = Uint8Array.of(1, 2, 3);
  const event = (step: number, reason: 'asked' | 'peak'): SnapshotEvent => ({ type: 'snapshot', sequence: step, time: step, step, file: `step-${String(step).padStart(8, '0')}.efcpsnap`, bytes: 3, events: 1, peakBytes: 100 * step, reason });
  const all: readonly (readonly [number, 'asked' | 'peak'])[] = [[2, 'peak'], [3, 'asked'], [4, 'peak'], [5, 'peak'], [6, 'peak'], [7, 'asked'], [6, 'asked']];

  it('all that were asked for, and of the others the newest three; the files are those of the events', async () => {
    const store = new SnapshotStore(folder());
    const state = initialState(settings);
    for (const [step, reason] of all) {
      await store.write(step, bytes, { reason, peakBytes: 100 * step });
      applyEvent(state, event(step, reason));
      assert.deepEqual(listSnapshots(folder()).map(({ name }) => name), state.snapshots.map(({ file }) => file).sort());
    }
    assert.deepEqual(state.snapshots.map(({ step, reason }) => [step, reason]), [[3, 'asked'], [4, 'peak'], [5, 'peak'], [7, 'asked'], [6, 'asked']]);
    assert.deepEqual(keptSnapshots([]), []);
  });

  it('also when the run goes on in another process, or from a checkpoint before them', async () => {
    const first = new SnapshotStore(folder());
    assert.equal(first.highestPeak, undefined);
    for (const step of [2, 3, 4]) {
      await first.write(step, bytes, { reason: 'peak', peakBytes: 100 * step });
      appendEvent(folder(), event(step, 'peak'));
    }
    writeFileSync(path.join(snapshotsFolder(folder()), 'step-00000009.efcpsnap.tmp'), 'half');
    const second = new SnapshotStore(folder());
    assert.equal(second.highestPeak, 400);
    await second.write(5, bytes, { reason: 'peak', peakBytes: 500 });
    assert.deepEqual(readdirSync(snapshotsFolder(folder())), [3, 4, 5].map(step => event(step, 'peak').file));

    const state = initialState(settings);
    const restored: RunEvent = { type: 'restored', sequence: 5, time: 5, step: 3, checkpoint: 'step-00000003.safetensors', settings: {}, changes: 0, totalSteps: 10, backend: { name: 'wasm', version: '4.22.0', reason: 'asked for' }, refused: [] };
    for (const each of [event(2, 'peak'), event(4, 'asked'), restored]) applyEvent(state, each);
    assert.deepEqual(state.snapshots.map(({ step }) => step), [2, 4], 'they show what was measured');
  });
});

describe('trainer: a peak that no step comes near', () => {
  before(() => loadBackend('wasm', { assets }));

  it('is shown by the highest of the steps that were tried, and by none that is lower than what is there', async () => {
    const assembly = await assemble(settings, { assets });
    try {
      const written: number[] = [];
      const capture = new Capture(assembly, { atPeak: true, store: { highestPeak: 600, write: (step, _, { peakBytes }) => { written.push(step, peakBytes); return Promise.resolve('a file'); } } });
      const events: TrainingEvent[] = [];
      for (const [at, peakBytes] of [1000, 500, 650, 700, 640, 500, 500, 500, 500, 500, 2000, 610, ...new Array<number>(9).fill(550)].entries()) {
        capture.begin(false, settings);
        capture.end();
        const taken: Taken = { step: at + 2, examples: 4, settings, stepMs: 1, peak: { peakBytes, peakPhase: 'backward' } };
        for await (const event of capture.tell(taken)) events.push(event);
      }
      assert.deepEqual(written, [5, 700]);
      assert.deepEqual(ofType(events, 'snapshot').map(({ step, peakBytes }) => [step, peakBytes]), [[5, 700]]);
    } finally {
      assembly.stepper.dispose();
      assembly.ledger.stop();
    }
  });
});
