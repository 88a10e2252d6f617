import assert from 'node:assert/strict';
import { dispose, type Tensor } from '@tensorflow/tfjs-core';
import { loadBackend } from '../../../src/backends/loadBackend';
import type { GradientSource } from '../../../src/gradients/gradientSource';
import { lentTensors } from '../../../src/gradients/lentTensors';
import { Ledger } from '../../../src/memory/ledger';
import { chain } from '../../../src/models/chain';
import { dense } from '../../../src/models/chainLayers';
import { defaults } from '../../../src/settings/knobs';
import { InputError } from '../../../src/settings/problem';
import { MemoryPlan, type MemorySettings } from '../../../src/trainer/memoryPlan';
import { assets } from '../../support/assets';
import { madeUpSource, parameterTensors } from '../../support/modelRun';

const width = 32;
const model = chain('deep', [width], Array.from({ length: 9 }, (_, index) => dense(`layer${index}`, width, width, index < 8 ? 'relu' : 'linear')));
const batch = madeUpSource(model, 64, width);
const settings: MemorySettings = defaults;

describe('trainer: how the passes of a step save memory', () => {
  let ledger: Ledger;
  let parameters: Tensor[];
  before(() => loadBackend('wasm', { assets }));
  beforeEach(() => {
    ledger = new Ledger();
    parameters = ledger.scope('parameters', () => parameterTensors(model));
  });
  afterEach(() => {
    dispose(parameters);
    ledger.stop();
  });

  /** Activation bytes at most, and the gradients. */
  async function step(source: GradientSource): Promise<{ activations: number; gradients: Float32Array[]; again: number }> {
    const gradients: Float32Array[] = [];
    ledger.takePeak();
    const { recomputedFlops = 0 } = await source({
      model, weights: lentTensors(parameters), batch, seed: 1, lossScale: 1,
      receive: (parameter, gradient, { first }) => { if (first) gradients[parameter] = Float32Array.from(gradient.dataSync()); },
    });
    const { activations = 0, activationGradients = 0 } = ledger.takePeak().storedPeak ?? {};
    return { activations: activations + activationGradients, gradients, again: recomputedFlops };
  }

  it('changes between two steps, and back', async () => {
    const plan = new MemoryPlan(ledger, model, settings);
    const { source } = plan;
    const before = await step(source);
    assert.equal(before.again, 0);

    await plan.change({ recompute: 'every', recomputeEvery: 3 });
    const recomputed = await step(source);
    assert.deepEqual(recomputed.gradients, before.gradients, 'the same bits');
    assert.ok(recomputed.activations < 0.7 * before.activations, `${recomputed.activations} of ${before.activations}`);
    assert.ok(recomputed.again > 0);

    await plan.change({ recompute: 'none', activationPrecision: 'bfloat16' });
    const half = await step(source);
    assert.ok(half.activations < 0.65 * before.activations, `${half.activations} of ${before.activations}`);
    assert.notDeepEqual(half.gradients, before.gradients, 'they are rounded');

    await plan.change({ activationPrecision: 'float32', microbatch: 16 });
    assert.ok((await step(source)).activations < 0.3 * before.activations);

    await plan.change({ microbatch: null });
    assert.deepEqual(await step(source), before);
  });

  it('keeps within a budget, and refuses one that is too small, changing nothing', async () => {
    const plan = new MemoryPlan(ledger, model, settings);
    const { source } = plan;
    const before = await step(source);
    const budget = 0.6 * before.activations;
    await plan.change({ recompute: 'budget', recomputeBudget: budget / 1e6 });
    const within = await step(source);
    assert.ok(within.activations <= budget, `${within.activations} of ${budget}`);
    assert.deepEqual(within.gradients, before.gradients);

    await assert.rejects(plan.change({ recomputeBudget: 0.001 }), (error: unknown) => {
      assert.ok(error instanceof InputError);
      assert.equal(error.problems[0]?.field, 'recomputeBudget');
      assert.match(error.message, /do not fit 0 MB.*they take [\d.]+ MB\. Raise the budget/s);
      return true;
    });
    assert.deepEqual(await step(source), within);
  });

  it('plans a budget that a run starts with at its first step', async () => {
    const { activations } = await step(new MemoryPlan(ledger, model, settings).source);
    const budgeted = await step(new MemoryPlan(ledger, model, { ...settings, recompute: 'budget', recomputeBudget: 0.7 * activations / 1e6 }).source);
    assert.ok(budgeted.activations <= 0.7 * activations);
    assert.ok(budgeted.again > 0);
  });

  it('refuses a layer that the model does not have, before anything runs', () => {
    assert.throws(() => new MemoryPlan(ledger, model, { ...settings, recompute: 'named', recomputeLayers: ['layr3'] }), (error: unknown) => {
      assert.ok(error instanceof InputError);
      assert.equal(error.problems[0]?.field, 'recomputeLayers');
      assert.match(error.message, /No layer is called "layr3"\. Did you mean layer/);
      return true;
    });
  });
});
