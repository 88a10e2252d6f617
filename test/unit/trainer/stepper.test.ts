import assert from 'node:assert/strict';
import { memory } from '@tensorflow/tfjs-core';
import { gather, stretches } from '../../../src/data/batches';
import { tapeGradients } from '../../../src/gradients/tape';
import { createOptimizer } from '../../../src/optimizers/optimizer';
import { assemble } from '../../../src/trainer/assemble';
import { Stepper } from '../../../src/trainer/stepper';
import { assets } from '../../support/assets';
import { smallRun } from '../../support/collectRun';

describe('trainer: one step', () => {
  it('is the same on a backend whose memory the host cannot reach', async () => {
    const run = await assemble({ ...smallRun, backend: 'wasm', weightDecay: 0.01, momentum: 0.5 }, { assets });
    const { model, ledger, dataset, split, parameterCount } = run;
    const { memory: direct, ...copying } = run.backend;
    assert.ok(direct !== undefined);
    const settings = { ...smallRun, weightDecay: 0.01, momentum: 0.5 };
    const stepper = new Stepper(model, copying, ledger, tapeGradients(ledger), createOptimizer(settings, parameterCount), settings.seed);
    const tensorsBefore = memory().numTensors;
    let step = 0;
    for (const examples of stretches(split.train.subarray(0, 640), 128)) {
      const makeBatch = () => gather(dataset, examples, model.inputShape);
      step++;
      assert.deepEqual(stepper.run(makeBatch, step), run.stepper.run(makeBatch, step), `step ${step}`);
      assert.equal(ledger.live().workspace, 0, 'the copy is counted only while it is there');
    }
    assert.equal(memory().numTensors, tensorsBefore);
    stepper.dispose();
    run.stepper.dispose();
    ledger.stop();
  });
});
