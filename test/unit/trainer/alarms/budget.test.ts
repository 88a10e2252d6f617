import assert from 'node:assert/strict';
import { loadBackend } from '../../../../src/backends/loadBackend';
import { memoryFix } from '../../../../src/protocol/memoryFix';
import { noBytes } from '../../../../src/protocol/samples';
import { defaultsFor, type Settings } from '../../../../src/settings/knobs';
import { checkChange } from '../../../../src/settings/validate';
import { alarmedRun } from '../../../support/alarmedRun';
import { assets } from '../../../support/assets';
import { ofType } from '../../../support/collectRun';
import { scratchFolder } from '../../host/scratch';

const base: Settings = { ...defaultsFor('sgd'), backend: 'wasm', batchSize: 1024, validationFraction: 0.5, epochs: 2, checkpointEvery: 0 };

describe('alarms: the memory budget', () => {
  const folder = scratchFolder();
  before(() => loadBackend('wasm', { assets }));

  it('is told once, with a fix that the same run then keeps within; and again when it is exceeded anew', async () => {
    const [first] = ofType(await alarmedRun({ directory: `${folder()}-free`, settings: { ...base, epochs: 1 } }), 'sample');
    const memoryBudget = 0.75 * first!.memory.peakBytes / 1e6;
    const events = await alarmedRun({
      directory: folder(), settings: { ...base, memoryBudget }, isAnswered: true,
      observe: (event, mailbox) => {
        if (event.type === 'alarm' && event.step === 1) mailbox.post({ type: 'change', revision: 1, settings: event.fix!.settings });
        if (event.type === 'paused') mailbox.post({ type: 'resume' });
        if (event.type === 'sample' && event.step === 5) mailbox.post({ type: 'change', revision: 2, settings: { microbatch: null, recompute: 'none', activationPrecision: 'float32' } });
      },
    });
    const alarms = ofType(events, 'alarm');
    assert.deepEqual(alarms.map(({ kind, step, action }) => [kind, step, action]), [['budget', 1, 'paused'], ['budget', 6, 'paused']]);
    assert.match(alarms[0]!.message, /held .* MB at its highest instant, in the (forward|backward) pass: .* MB more than memoryBudget .* allows.*state is kept in step-00000001\.safetensors\. Set /);
    const peaks = ofType(events, 'sample').map(({ memory }) => memory.peakBytes);
    assert.ok(peaks[0]! > 1e6 * memoryBudget);
    for (const peak of peaks.slice(1, 5)) assert.ok(peak <= 1e6 * memoryBudget, `${peak} of ${1e6 * memoryBudget}`);
    assert.equal(ofType(events, 'finished')[0]?.reason, 'completed');
  });

  for (const onAlarm of ['pause', 'stop'] as const) {
    it(`ends a run that nobody can answer, under ${onAlarm}`, async () => {
      const events = await alarmedRun({ directory: folder(), settings: { ...base, memoryBudget: 1, onAlarm } });
      assert.deepEqual(ofType(events, 'alarm').map(({ action }) => action), ['stopped']);
      const [finished] = ofType(events, 'finished');
      assert.deepEqual([finished?.reason, finished?.steps], ['failed', 1]);
      assert.match(finished!.message!, /memoryBudget 1 allows/);
    });
  }

  it('is noted once in a run that is told to go on', async () => {
    const events = await alarmedRun({ directory: folder(), settings: { ...base, memoryBudget: 1, onAlarm: 'note' } });
    assert.deepEqual(ofType(events, 'alarm').map(({ step, action }) => [step, action]), [[1, 'noted']]);
    assert.equal(ofType(events, 'finished')[0]?.reason, 'completed');
  });
});

describe('alarms: what is proposed for want of memory', () => {
  const bytes = { ...noBytes(), parameters: 10, gradients: 10, activations: 100, activationGradients: 20, data: 10, workspace: 20 };
  const fix = (settings: Partial<Settings>, over?: number, more: Partial<typeof bytes> = {}) => memoryFix({ settings: { ...base, ...settings }, bytes: { ...bytes, ...more }, over, slice: settings.microbatch ?? base.batchSize });

  it('is the mildest change that is enough, never one that is on already', () => {
    assert.deepEqual(fix({}, 25)?.settings, { recompute: 'block' });
    assert.deepEqual(fix({ recompute: 'sqrt' }, 40)?.settings, { microbatch: 512 });
    assert.deepEqual(fix({ recompute: 'sqrt', microbatch: 1 }, 40)?.settings, { activationPrecision: 'float16' });
    assert.deepEqual(Object.keys(fix({}, 110)?.settings ?? {}).sort(), ['activationPrecision', 'microbatch']);
  });

  it('takes what the model cannot be cut by as not allowed', () => {
    assert.deepEqual(memoryFix({ settings: base, bytes, over: 40, slice: 1024, canBeCut: ({ recompute }) => recompute === 'none' })?.settings, { microbatch: 512 });
  });

  it('goes to the optimizer where its state is what there is most of, and to a new run where nothing live helps', () => {
    const state = { optimizerState: 1000, activations: 10, activationGradients: 0, workspace: 0, data: 0 };
    assert.deepEqual(memoryFix({ settings: { ...base, ...defaultsFor('sparse-mfac'), backend: 'wasm' }, bytes: { ...bytes, ...state }, over: 300, slice: 128 })?.settings, { window: 16 });
    const other = fix({ recompute: 'block', microbatch: 1, activationPrecision: 'bfloat16' }, 5, state);
    assert.equal(other?.way, 'restart');
    assert.deepEqual(other.settings, { momentPrecision: 'bfloat16' });
  });

  it('is a change that is allowed, whatever is on', () => {
    for (const recompute of ['none', 'block'] as const) for (const microbatch of [null, 1, 8]) for (const activationPrecision of ['float32', 'float16'] as const) for (const workers of [1, 2]) {
      const settings = { ...base, recompute, microbatch, activationPrecision, workers };
      const found = memoryFix({ settings, bytes, over: 60, slice: microbatch ?? 1024 });
      if (found?.way === 'change') checkChange(found.settings, settings);
    }
  });
});
