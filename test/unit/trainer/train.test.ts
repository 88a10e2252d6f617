import assert from 'node:assert/strict';
import { memory } from '@tensorflow/tfjs-core';
import { loadBackend } from '../../../src/backends/loadBackend';
import { builtInModel } from '../../../src/models/builtIn';
import { Mailbox } from '../../../src/trainer/mailbox';
import { sumBytes } from '../../../src/protocol/samples';
import { defaultsFor } from '../../../src/settings/knobs';
import { optimizers } from '../../../src/settings/optimizers';
import { parameterSpace } from '../../../src/settings/parameterSpace';
import { stateBytes, totalBytes } from '../../../src/settings/stateBytes';
import { assets } from '../../support/assets';
import { collectRun, hostOptimizerOf, ofType, smallRun } from '../../support/collectRun';

const space = parameterSpace(builtInModel('mlp').parameters);

describe('trainer: the loop', () => {
  let tensorsBefore: number;
  before(() => loadBackend('wasm', { assets }));
  beforeEach(() => { tensorsBefore = memory().numTensors; });

  it('tells a run from start to end, step by step', async () => {
    const events = await collectRun({}, new Mailbox());
    assert.equal(events[0]?.type, 'started');
    assert.equal(events.at(-1)?.type, 'finished');
    const [started] = ofType(events, 'started');
    assert.ok(started !== undefined);
    assert.deepEqual([started.parameterCount, started.trainExamples, started.validationExamples, started.stepsPerEpoch, started.totalSteps], [235_146, 9000, 1000, 71, 71]);
    assert.deepEqual(ofType(events, 'sample').map(({ step }) => step), Array.from({ length: 71 }, (_, index) => index + 1));
    assert.deepEqual(ofType(events, 'validation').map(({ step }) => step), [0, 71]);
    const [finished] = ofType(events, 'finished');
    assert.equal(finished?.reason, 'completed');
    assert.equal(finished.metrics.validationAccuracy, ofType(events, 'validation')[1]?.accuracy);
    assert.equal(finished.peakBytes, Math.max(...ofType(events, 'sample').map(({ memory: { peakBytes } }) => peakBytes)));
    assert.equal(sumBytes(finished.bytesAtPeak!), finished.peakBytes);
    assert.equal(memory().numTensors, tensorsBefore, 'every tensor is gone');
  });

  it('is the same run for the same seed, and another for another', async () => {
    const losses = async (seed: number) => ofType(await collectRun({ seed }, new Mailbox()), 'sample').map(({ loss }) => loss);
    const first = await losses(0);
    assert.deepEqual(await losses(0), first);
    assert.notDeepEqual(await losses(1), first);
  });

  for (const change of [{ density: 0.0025 }, { density: 0.1 }, { window: 3 }, { window: 20 }, { momentum: 0.9 }, { learningRate: 0.01, damping: 1 }]) {
    it(`applies ${JSON.stringify(change)} between two steps, at exactly the predicted bytes`, async () => {
      const mailbox = new Mailbox();
      const events = await collectRun({}, mailbox, event => {
        if (event.type === 'sample' && event.step === 12) mailbox.post({ type: 'change', revision: 7, settings: change });
      });
      const [applied] = ofType(events, 'applied');
      assert.deepEqual([applied?.revision, applied?.step, applied?.to], [7, 12, change]);
      const before = totalBytes(stateBytes(smallRun, space));
      const after = totalBytes(stateBytes({ ...smallRun, ...change }, space));
      assert.deepEqual([applied?.stateBytesBefore, applied?.stateBytesAfter], [before, after]);
      const at = (step: number) => ofType(events, 'sample').find(sample => sample.step === step)!.memory;
      assert.deepEqual([at(12).liveBytes.optimizerState, at(13).liveBytes.optimizerState, at(71).liveBytes.optimizerState], [before, after, after]);
      assert.deepEqual(at(13).stateBytes, stateBytes({ ...smallRun, ...change }, space));
      assert.equal(ofType(events, 'finished')[0]?.reason, 'completed');
    });
  }

  it('refuses a change it cannot make, and goes on', async () => {
    const mailbox = new Mailbox();
    const events = await collectRun({}, mailbox, event => {
      if (event.type !== 'sample' || event.step !== 3) return;
      mailbox.post({ type: 'change', revision: 1, settings: { density: 7 } });
      mailbox.post({ type: 'change', revision: 2, settings: { batchSize: 7 } });
    });
    assert.deepEqual(ofType(events, 'rejected').map(({ revision }) => revision), [1, 2]);
    assert.match(ofType(events, 'rejected')[0]!.message, /density is 7, but must be a number from 0.0001 to 1/);
    assert.equal(ofType(events, 'sample').length, 71);
  });

  it('makes no step while paused, obeys changes there, and resumes', async () => {
    const mailbox = new Mailbox();
    const events = await collectRun({}, mailbox, event => {
      if (event.type === 'sample' && event.step === 5) mailbox.post({ type: 'pause' });
      if (event.type === 'paused') setTimeout(() => { mailbox.post({ type: 'change', revision: 1, settings: { learningRate: 0.01 } }); }, 30);
      if (event.type === 'applied') setTimeout(() => { mailbox.post({ type: 'resume' }); }, 30);
    });
    const order = events.map(({ type }) => type);
    const paused = order.indexOf('paused');
    assert.deepEqual(order.slice(paused - 1, paused + 4), ['sample', 'paused', 'applied', 'resumed', 'sample']);
    assert.equal(ofType(events, 'sample').length, 71);
  });

  it('measures what the optimizer does to some gradients, the first among them, and holds nothing for it between steps', async () => {
    const samples = ofType(await collectRun({}, new Mailbox()), 'sample');
    const [first] = samples;
    assert.equal(first?.diagnostics?.measured, 1);
    assert.equal(first.diagnostics.effectiveWindow, 1);
    assert.ok(samples.some(({ diagnostics }) => diagnostics === undefined), 'not every step');
    assert.ok(samples.filter(({ diagnostics }) => diagnostics !== undefined).length >= 2);
    for (const { memory: { liveBytes } } of samples) assert.equal(liveBytes.workspace, 0);
    assert.equal(first.memory.bytesAtPeak.unattributed, 0);
  });

  it('gives schedules the length of the run', async () => {
    /** The largest entry of what the last step added to the parameters. */
    const lastMove = async (schedule: 'constant' | 'linear') => {
      let largest = 0;
      await collectRun({ optimizer: 'sgd', schedule, learningRate: 0.05 }, new Mailbox(), (event, run) => {
        if (event.type === 'sample' && event.step === run.totalSteps) largest = hostOptimizerOf(run).gradient.reduce((most, entry) => Math.max(most, entry), 0);
      });
      return largest;
    };
    assert.ok(await lastMove('linear') < 0.1 * await lastMove('constant'));
  });

  it('stops between two steps, also while paused', async () => {
    for (const paused of [false, true]) {
      const mailbox = new Mailbox();
      const events = await collectRun({}, mailbox, event => {
        if (event.type !== 'sample' || event.step !== 4) return;
        if (paused) mailbox.post({ type: 'pause' });
        mailbox.post({ type: 'stop' });
      });
      const [finished] = ofType(events, 'finished');
      assert.deepEqual([finished?.reason, finished?.steps], ['stopped', 4]);
      assert.equal(memory().numTensors, tensorsBefore);
    }
  });

  it('ends a run whose last step of an epoch went too far, instead of recording what is no number', async () => {
    const oneStepAnEpoch = { batchSize: 8192, validationFraction: 0.5, epochs: 200 };
    const events = await collectRun({ ...oneStepAnEpoch, optimizer: 'sgd', learningRate: 100, weightDecay: 1 }, new Mailbox());
    const [finished] = ofType(events, 'finished');
    assert.match(finished?.message ?? '', /^validation loss is (NaN|Infinity) at step \d+.*Lower the learning rate/);
    assert.ok(ofType(events, 'validation').every(({ loss }) => Number.isFinite(loss)));
  });

  for (const optimizer of optimizers) {
    it(`${optimizer} trains, and its state is as large as its formula says`, async () => {
      const mailbox = new Mailbox();
      const events = await collectRun({ ...defaultsFor(optimizer), backend: 'wasm', batchSize: 128, window: 4 }, mailbox, event => {
        if (event.type === 'sample' && event.step === 8) mailbox.post({ type: 'stop' });
      });
      const samples = ofType(events, 'sample');
      assert.equal(ofType(events, 'finished')[0]?.reason, 'stopped', ofType(events, 'finished')[0]?.message);
      assert.deepEqual(samples.at(-1)!.memory.stateBytes, stateBytes({ ...defaultsFor(optimizer), window: 4 }, space));
      assert.ok(samples.at(-1)!.loss < samples[0]!.loss + 0.5, `from ${samples[0]!.loss} to ${samples.at(-1)!.loss}`);
    });
  }

  for (const optimizer of ['sparse-mfac', 'dense-mfac', 'sgd', 'adamw'] as const) {
    it(`ends a diverged ${optimizer} run with the field, the step and the remedy`, async () => {
      const events = await collectRun({ optimizer, learningRate: 100, damping: 1e-10, window: 2, epochs: 3, weightDecay: 1 }, new Mailbox());
      const [finished] = ofType(events, 'finished');
      assert.equal(finished?.reason, 'failed');
      assert.match(finished.message ?? '', /learning ?rate/i);
      assert.match(finished.message ?? '', /NaN|Infinity|finite/);
      assert.ok(finished.steps < 213);
      assert.equal(memory().numTensors, tensorsBefore);
    });
  }
});
