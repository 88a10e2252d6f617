import assert from 'node:assert/strict';
import { memory } from '@tensorflow/tfjs-core';
import { batchOf, stretches } from '../../../src/data/batches';
import { DenseWeights } from '../../../src/gradients/denseWeights';
import { withMicrobatches } from '../../../src/gradients/microbatches';
import { tapeGradients } from '../../../src/gradients/tape';
import { createOptimizer } from '../../../src/optimizers/optimizer';
import { assemble } from '../../../src/trainer/assemble';
import { HostPlacement } from '../../../src/trainer/hostPlacement';
import { Stepper } from '../../../src/trainer/stepper';
import { assets } from '../../support/assets';
import { smallRun } from '../../support/collectRun';

describe('trainer: one step', () => {
  it('is the same on a backend whose memory the host cannot reach', async () => {
    const run = await assemble({ ...smallRun, backend: 'wasm', weightDecay: 0.01, momentum: 0.5 }, { assets });
    const { model, ledger, dataset, split } = run;
    const { memory: direct, ...copying } = run.backend;
    assert.ok(direct !== undefined);
    const settings = { ...smallRun, weightDecay: 0.01, momentum: 0.5 };
    const placement = new HostPlacement(createOptimizer(settings, model.parameters), new DenseWeights(ledger, model, settings.seed), model.parameters, copying, ledger);
    const stepper = new Stepper(model, ledger, withMicrobatches(ledger, tapeGradients(ledger)), placement, settings.seed);
    const tensorsBefore = memory().numTensors;
    let step = 0;
    for (const examples of stretches(split.train.subarray(0, 640), 128)) {
      const makeBatch = batchOf(dataset, examples);
      step++;
      assert.deepEqual(await stepper.run(makeBatch, step), await run.stepper.run(makeBatch, step), `step ${step}`);
      assert.equal(ledger.live().workspace, 0, 'the copy is counted only while it is there');
    }
    assert.equal(memory().numTensors, tensorsBefore);
    stepper.dispose();
    run.stepper.dispose();
    ledger.stop();
  });

  for (const reach of ['in place', 'by copies'] as const) {
    it(`is the same whether it is watched or not, ${reach}; the copy of the gradient is counted while it is there`, async () => {
      const settings = { ...smallRun, backend: 'wasm', momentum: 0.5 } as const;
      const run = await assemble(settings, { assets });
      const { model, ledger, dataset, split, parameterCount } = run;
      const { memory: direct, ...copying } = run.backend;
      const backend = reach === 'in place' ? run.backend : copying;
      assert.ok(direct !== undefined);
      const [plain, watched] = [0, 1].map(() => {
        const placement = new HostPlacement(createOptimizer(settings, model.parameters), new DenseWeights(ledger, model, settings.seed), model.parameters, backend, ledger);
        return { placement, stepper: new Stepper(model, ledger, withMicrobatches(ledger, tapeGradients(ledger)), placement, settings.seed) };
      });
      const tensorsBefore = memory().numTensors;
      const copies = reach === 'in place' ? 1 : 2;
      let step = 0;
      for (const examples of stretches(split.train.subarray(0, 640), 128)) {
        const makeBatch = batchOf(dataset, examples);
        step++;
        const expected = await plain!.stepper.run(makeBatch, step);
        const watch = watched!.placement.watch(settings);
        let held = 0;
        const result = await watched!.stepper.run(makeBatch, step, watch && ((copy, update) => watch(copy, observe => update(updates => {
          held = ledger.live().workspace;
          observe(updates);
        }))));
        const { diagnostics, ...rest } = result;
        assert.deepEqual(rest, expected, `step ${step}`);
        assert.deepEqual(watched!.placement.optimizer.gradient, plain!.placement.optimizer.gradient);
        assert.equal(diagnostics === undefined, watch === undefined);
        if (watch !== undefined) assert.equal(held, copies * 4 * parameterCount);
        if (step === 1) assert.ok(watch !== undefined);
        assert.equal(ledger.live().workspace, 0);
      }
      assert.equal(memory().numTensors, tensorsBefore);
      for (const { stepper } of [plain!, watched!, run]) stepper.dispose();
      ledger.stop();
    });
  }
});
