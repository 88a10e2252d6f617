import assert from 'node:assert/strict';
import { fill, memory } from '@tensorflow/tfjs-core';
import { loadBackend } from '../../../src/backends/loadBackend';
import { batchOf } from '../../../src/data/batches';
import { withMicrobatches } from '../../../src/gradients/microbatches';
import { tapeGradients } from '../../../src/gradients/tape';
import { builtInModel } from '../../../src/models/builtIn';
import { NonFiniteGradientError } from '../../../src/optimizers/nonFiniteGradient';
import { noBytes, sumBytes } from '../../../src/protocol/samples';
import { defaultsFor, type Settings } from '../../../src/settings/knobs';
import { onDevice } from '../../../src/settings/optimizers';
import { parameterSpace } from '../../../src/settings/parameterSpace';
import { stateBytes, totalBytes } from '../../../src/settings/stateBytes';
import { assemble } from '../../../src/trainer/assemble';
import { Mailbox } from '../../../src/trainer/mailbox';
import { Stepper } from '../../../src/trainer/stepper';
import { assets } from '../../support/assets';
import { collectRun, ofType, smallRun } from '../../support/collectRun';

const model = builtInModel('convnet');
const space = parameterSpace(model.parameters);
const base: Partial<Settings> = { model: 'convnet', backend: 'wasm', batchSize: 64, window: 3, placement: 'device' };

/** A run of some steps, during which `after` may post messages. */
async function run(settings: Partial<Settings>, steps: number, after: (step: number, mailbox: Mailbox) => void = () => undefined) {
  const mailbox = new Mailbox();
  return collectRun({ ...defaultsFor(settings.optimizer ?? 'sparse-mfac'), ...base, ...settings }, mailbox, event => {
    if (event.type !== 'sample') return;
    after(event.step, mailbox);
    if (event.step === steps) mailbox.post({ type: 'stop' });
  });
}

describe('trainer: state on the device', () => {
  before(() => loadBackend('wasm', { assets }));
  for (const [backend, steps] of [['wasm', 8], ['cpu', 2]] as const) {
    for (const optimizer of onDevice) {
      it(`${optimizer} trains on ${backend} as it does on the host, and every byte is accounted for`, async function () {
        this.timeout(120_000);
        // A validation on cpu takes longer than all the steps.
        const settings = { optimizer, backend, batchSize: backend === 'cpu' ? 8 : 64, validationFraction: 0.01 } as const;
        const tensorsBefore = memory().numTensors;
        const device = ofType(await run(settings, steps), 'sample');
        assert.equal(memory().numTensors, tensorsBefore, 'every tensor is gone');
        const host = ofType(await run({ ...settings, placement: 'host' }, steps), 'sample');
        assert.deepEqual([device.length, host.length], [steps, steps]);
        const predicted = stateBytes({ ...defaultsFor(optimizer), ...base, ...settings }, space);
        device.forEach(({ loss, diagnostics, memory: { peakBytes, bytesAtPeak, liveBytes, stateBytes: held } }, index) => {
          assert.ok(Math.abs(loss - host[index]!.loss) < 1e-3, `step ${index + 1}: ${loss}, on the host ${host[index]!.loss}`);
          assert.equal(diagnostics, undefined);
          assert.deepEqual(held, predicted);
          assert.deepEqual(liveBytes, { ...noBytes(), parameters: 4 * space.dimension, optimizerState: totalBytes(predicted) });
          assert.equal(bytesAtPeak.unattributed, 0);
          assert.equal(sumBytes(bytesAtPeak), peakBytes);
          assert.ok(bytesAtPeak.optimizerState >= liveBytes.optimizerState && bytesAtPeak.parameters >= liveBytes.parameters);
        });
      });
    }
  }

  for (const change of [{ density: 0.0025 }, { density: 0.1 }, { window: 2 }, { window: 5 }, { momentum: 0.9 }, { blockSize: 1000 }, { learningRate: 0.01, damping: 1 }]) {
    it(`applies ${JSON.stringify(change)} between two steps, at exactly the predicted bytes`, async () => {
      const tensorsBefore = memory().numTensors;
      const events = await run({}, 9, (step, mailbox) => { if (step === 5) mailbox.post({ type: 'change', revision: 7, settings: change }); });
      const [applied] = ofType(events, 'applied');
      const [before, after] = [{}, change].map(changed => stateBytes({ ...defaultsFor('sparse-mfac'), ...base, ...changed }, space));
      assert.deepEqual([applied?.step, applied?.to, applied?.stateBytesBefore, applied?.stateBytesAfter], [5, change, totalBytes(before!), totalBytes(after!)]);
      const at = (step: number) => ofType(events, 'sample').find(sample => sample.step === step)!.memory;
      assert.deepEqual([at(5).stateBytes, at(6).stateBytes, at(9).stateBytes], [before, after, after]);
      assert.deepEqual([at(5).liveBytes.optimizerState, at(6).liveBytes.optimizerState], [totalBytes(before!), totalBytes(after!)]);
      assert.equal(at(6).bytesAtPeak.unattributed, 0);
      assert.equal(memory().numTensors, tensorsBefore);
    });
  }

  it('refuses a change that the device cannot make, and goes on', async () => {
    const events = await run({}, 4, (step, mailbox) => {
      if (step !== 2) return;
      mailbox.post({ type: 'change', revision: 1, settings: { valuePrecision: 'bfloat16' } });
      mailbox.post({ type: 'change', revision: 2, settings: { errorFeedbackBits: 8 } });
      mailbox.post({ type: 'change', revision: 3, settings: { window: 2 } });
    });
    const [precision, bits] = ofType(events, 'rejected');
    assert.match(precision!.message, /valuePrecision is "bfloat16".*not wasm\. Set it to "float32"/);
    assert.match(bits!.message, /errorFeedbackBits is 8.*Set it to 32/);
    assert.deepEqual(ofType(events, 'applied').map(({ revision }) => revision), [3]);
    assert.equal(ofType(events, 'sample').length, 4);
  });

  it('refuses what it does not have before anything starts', async () => {
    const { numTensors } = memory();
    await assert.rejects(assemble({ ...smallRun, ...base, optimizer: 'muon' }, { assets }), /optimizer is "muon", whose state cannot be held on the device/);
    assert.equal(memory().numTensors, numTensors);
    await run({ optimizer: 'sgd' }, 1);
  });

  it('ends a diverged run with the step and the remedy', async () => {
    const tensorsBefore = memory().numTensors;
    const [finished] = ofType(await run({ optimizer: 'sgd', learningRate: 100, weightDecay: 1 }, 200), 'finished');
    assert.equal(finished?.reason, 'failed');
    assert.match(finished.message ?? '', /(NaN|Infinity|finite).*learning ?rate/is);
    assert.equal(memory().numTensors, tensorsBefore);
  });
});

for (const placement of ['host', 'device'] as const) {
  for (const optimizer of ['sgd', 'adamw', 'sparse-mfac'] as const) {
    it(`trainer: what is not finite leaves parameters and state of ${optimizer} on the ${placement} as they are`, async () => {
      const settings = { ...smallRun, ...base, ...defaultsFor(optimizer), ...base, momentum: 0.5, placement };
      const made = await assemble(settings, { assets });
      const { ledger, dataset, split } = made;
      const batch = batchOf(dataset, split.train.subarray(0, 64));
      const plain = withMicrobatches(ledger, tapeGradients(ledger));
      /** What the source does next: as it should, with with a loss that is no number, or with a gradient of none. */
      let next: 'plain' | 'loss' | 'gradient' = 'plain';
      const stepper = new Stepper(model, ledger, request => {
        // As the tape does: a loss without a number comes without gradients.
        if (next === 'loss') return Promise.resolve({ loss: Number.NaN, correct: 0 });
        return plain({
          ...request, receive: (index, gradient, share) => {
            const given = next === 'gradient' && index === 2 ? fill(gradient.shape, Number.NaN) : gradient;
            request.receive(index, given, share);
            if (given !== gradient) given.dispose();
          },
        });
      }, made.placement, settings.seed);
      await stepper.run(batch, 1);
      const { numTensors } = memory();
      const before = { bytes: made.placement.stateBytes(), live: ledger.live(), loss: (await stepper.evaluate(batch)).loss };
      const assertUntouched = async () => {
        assert.equal(memory().numTensors, numTensors);
        assert.deepEqual({ bytes: made.placement.stateBytes(), live: ledger.live(), loss: (await stepper.evaluate(batch)).loss }, before);
      };
      next = 'loss';
      assert.ok(Number.isNaN((await stepper.run(batch, 2)).loss));
      await assertUntouched();
      next = 'gradient';
      await assert.rejects(stepper.run(batch, 2), NonFiniteGradientError);
      await assertUntouched();
      next = 'plain';
      // The run without the refusals, from its start: the same second step.
      await stepper.run(batch, 2);
      const again = await assemble(settings, { assets });
      for (const step of [1, 2]) await again.stepper.run(batch, step);
      assert.equal((await stepper.evaluate(batch)).loss, (await again.stepper.evaluate(batch)).loss);
      for (const each of [stepper, made.stepper, again.stepper]) each.dispose();
      for (const each of [again.ledger, ledger]) each.stop();
    });
  }
}
