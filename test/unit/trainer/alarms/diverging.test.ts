import assert from 'node:assert/strict';
import { loadBackend } from '../../../../src/backends/loadBackend';
import { listCheckpoints } from '../../../../src/protocol/checkpointFiles';
import { defaultsFor, type Settings } from '../../../../src/settings/knobs';
import { alarmedRun } from '../../../support/alarmedRun';
import type { Mailbox } from '../../../../src/trainer/mailbox';
import type { TrainingEvent } from '../../../../src/trainer/train';
import { assets } from '../../../support/assets';
import { ofType } from '../../../support/collectRun';
import { newestCheckpoint, resumeIn } from '../../../support/lastingRun';
import { scratchFolder } from '../../host/scratch';

/** 20 steps an epoch. */
const base: Settings = { ...defaultsFor('sgd'), backend: 'wasm', batchSize: 256, validationFraction: 0.5, epochs: 4, learningRate: 0.1, checkpointEvery: 1, seed: 2 };

describe('alarms: a run that diverges', () => {
  const folder = scratchFolder();
  before(() => loadBackend('wasm', { assets }));

  /** Falls for two epochs; from then on every step turns the weights around and makes them a fifth larger. */
  const worsenAt41 = (event: TrainingEvent, mailbox: Mailbox) => {
    if (event.type === 'sample' && event.step === 41) mailbox.post({ type: 'change', revision: 1, settings: { learningRate: 2.2, weightDecay: 1, clipNorm: 0.01 } });
    if (event.type === 'paused') mailbox.post({ type: 'stop' });
  };
  const diverging = () => alarmedRun({ directory: folder(), settings: base, isAnswered: true, observe: worsenAt41 });

  it('is told before its checkpoints are those of what it has become', async () => {
    const events = await diverging();
    const alarm = ofType(events, 'alarm')[0];
    assert.ok(alarm !== undefined, 'it does diverge');
    assert.equal(alarm.kind, 'divergence');
    assert.deepEqual(alarm.fix!.settings, { learningRate: 0.73 });
    assert.equal(alarm.fix!.way, 'restart');
    assert.equal(listCheckpoints(folder())[0]?.name, alarm.checkpoint);
    assert.ok(Number(/\d+/.exec(alarm.checkpoint!)![0]) <= 60);
  });

  it('goes on where nobody can answer: told once, and the checkpoint from before stays beside the newest, to go back to', async () => {
    const settings = { ...base, epochs: 6 };
    const events = await alarmedRun({ directory: folder(), settings, observe: worsenAt41 });
    const [alarm, ...more] = ofType(events, 'alarm');
    assert.deepEqual([alarm?.kind, alarm?.action, more.length, ofType(events, 'finished')[0]?.reason], ['divergence', 'noted', 0, 'completed']);
    assert.match(alarm!.message, /The last good state is that of step \d+, in step-\d+\.safetensors, which is kept until the loss has come down again\./);
    const kept = () => listCheckpoints(folder()).map(({ step }) => step);
    const good = Number(/\d+/.exec(alarm!.checkpoint!)![0]);
    assert.ok(good <= 60, `${good}`);
    assert.deepEqual(kept(), [120, 100, good]);
    const rest = await resumeIn(folder(), settings, { from: alarm!.checkpoint!, observe: (event, mailbox) => { if (event.type === 'sample' && event.step === good + 2) mailbox.post({ type: 'stop' }); } });
    assert.deepEqual(ofType(rest, 'restored').map(({ step, refused }) => [step, refused.map(({ checkpoint }) => checkpoint)]), [[good, ['step-00000120.safetensors', 'step-00000100.safetensors']]]);
    assert.deepEqual(ofType(rest, 'sample').map(({ loss }) => loss), ofType(events, 'sample').slice(good, good + 2).map(({ loss }) => loss));
    assert.deepEqual(kept(), [good + 2, good], 'what came after it is put aside');
    await assert.rejects(resumeIn(folder(), settings, { from: 'step-7' }), /from is "step-7", but must be a checkpoint of the run: step-/);
  });

  it('remembers across a checkpoint what it compares with', async () => {
    const quiet = { ...base, epochs: 2 };
    const whole = await alarmedRun({ directory: `${folder()}-whole`, settings: quiet });
    await alarmedRun({ directory: folder(), settings: quiet, observe: (event, mailbox) => { if (event.type === 'sample' && event.step === 25) mailbox.post({ type: 'stop' }); } });
    const rest = await resumeIn(folder(), quiet);
    assert.deepEqual(ofType(rest, 'sample').map(({ loss }) => loss), ofType(whole, 'sample').slice(25).map(({ loss }) => loss));
    assert.deepEqual((await newestCheckpoint(folder())).progress.alarms, (await newestCheckpoint(`${folder()}-whole`)).progress.alarms);
  });
});
