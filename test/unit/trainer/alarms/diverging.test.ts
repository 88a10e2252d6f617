import assert from 'node:assert/strict';
import { loadBackend } from '../../../../src/backends/loadBackend';
import { listCheckpoints } from '../../../../src/protocol/checkpointFiles';
import { defaultsFor, type Settings } from '../../../../src/settings/knobs';
import { alarmedRun } from '../../../support/alarmedRun';
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
  const diverging = () => alarmedRun({
    directory: folder(), settings: base, isAnswered: true,
    observe: (event, mailbox) => {
      if (event.type === 'sample' && event.step === 41) mailbox.post({ type: 'change', revision: 1, settings: { learningRate: 2.2, weightDecay: 1, clipNorm: 0.01 } });
      if (event.type === 'paused') mailbox.post({ type: 'stop' });
    },
  });

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

  it('remembers across a checkpoint what it compares with', async () => {
    const quiet = { ...base, epochs: 2 };
    const whole = await alarmedRun({ directory: `${folder()}-whole`, settings: quiet });
    await alarmedRun({ directory: folder(), settings: quiet, observe: (event, mailbox) => { if (event.type === 'sample' && event.step === 25) mailbox.post({ type: 'stop' }); } });
    const rest = await resumeIn(folder(), quiet);
    assert.deepEqual(ofType(rest, 'sample').map(({ loss }) => loss), ofType(whole, 'sample').slice(25).map(({ loss }) => loss));
    assert.deepEqual((await newestCheckpoint(folder())).progress.alarms, (await newestCheckpoint(`${folder()}-whole`)).progress.alarms);
  });
});
