import assert from 'node:assert/strict';
import { memory, tensor } from '@tensorflow/tfjs-core';
import type { Backend } from '../../../src/backends/backend';
import { loadBackend } from '../../../src/backends/loadBackend';
import { packHalves, unpackHalves, type HalfFormat } from '../../../src/kernels/halves';
import { NonFiniteGradientError } from '../../../src/optimizers/nonFiniteGradient';
import { parameterSpace } from '../../../src/settings/parameterSpace';
import { InputError } from '../../../src/settings/problem';
import { assets } from '../../support/assets';
import { gradientsOf, initialOf, packedRun, plainRun, specifications, type Packed, type Variant } from './packedRun';

const dimension = parameterSpace(specifications).dimension;
const sgd = { optimizer: 'sgd', momentum: 0.9, weightDecay: 0.01, learningRate: 0.05 } as const;
const adamw = { optimizer: 'adamw', weightDecay: 0.01, learningRate: 0.01 } as const;

describe('trainer: packed placement', () => {
  let backend: Backend;
  let tensorsBefore: number;
  const runs: Packed[] = [];
  const start = (...options: Parameters<typeof packedRun> extends [unknown, ...infer Rest] ? Rest : never): Packed => {
    const run = packedRun(backend, ...options);
    runs.push(run);
    return run;
  };
  before(async () => { backend = await loadBackend('wasm', { assets }); });
  beforeEach(() => { tensorsBefore = memory().numTensors; });
  afterEach(() => {
    for (const run of runs.splice(0)) run.close();
    assert.equal(memory().numTensors, tensorsBefore, 'nothing lent is left');
  });

  const exact: Readonly<Record<string, Variant>> = {
    'sgd with momentum': sgd, 'sgd without': { ...sgd, momentum: 0 }, 'sgd, nesterov': { ...sgd, nesterov: true }, 'adamw': adamw,
    'groups and a schedule': { ...sgd, schedule: 'cosine', warmupSteps: 2, groups: [{ dimensions: 1, weightDecay: 0 }, { match: '^a/', learningRateScale: 0.5 }] },
    'gradients clipped': { ...sgd, clipValue: 1, clipNorm: 30 }, 'updates clipped': { ...adamw, clipTarget: 'update', clipValue: 0.9, clipNorm: 50 },
    'sparse-mfac': { optimizer: 'sparse-mfac', window: 4, density: 0.05, momentum: 0.5 }, 'muon': { optimizer: 'muon', groups: [{ dimensions: 1, weightDecay: 0.1 }] },
  };
  for (const [name, variant] of Object.entries(exact)) {
    it(`dense float32 is bit for bit the plain optimizer: ${name}`, async () => {
      const run = start(variant, specifications, 8);
      const plain = plainRun(variant, specifications, 8);
      for (let step = 1; step <= 5; step++) {
        const gradients = gradientsOf(specifications, step);
        await run.step(step, gradients);
        plain.step(step, gradients);
        assert.deepEqual(run.dense(), plain.values, `step ${step}`);
      }
    });

    it(`and where updates are fused, or says why they cannot be: ${name}`, async () => {
      const isPossible = (variant.optimizer === 'sgd' || variant.optimizer === 'adamw') && variant.clipNorm === undefined;
      if (!isPossible) {
        assert.throws(() => start({ ...variant, fusedUpdate: true }), (error: unknown) => error instanceof InputError && error.problems[0]?.field === 'fusedUpdate');
        return;
      }
      const run = start({ ...variant, fusedUpdate: true }, specifications, 8);
      const plain = plainRun(variant, specifications, 8);
      assert.equal(run.ledger.live().gradients, 0);
      for (let step = 1; step <= 5; step++) {
        const gradients = gradientsOf(specifications, step);
        await run.step(step, gradients);
        plain.step(step, gradients);
      }
      assert.deepEqual(run.dense(), plain.values);
    });
  }

  it('is the same on a backend whose memory the host cannot reach', async () => {
    const variant = { ...sgd, parameterPrecision: 'float16', weightDensity: 0.3, rewireEvery: 2 } as const;
    const [here, there] = [start(variant), packedRun({}, variant)];
    runs.push(there);
    for (let step = 1; step <= 4; step++) await Promise.all([here, there].map(run => run.step(step, gradientsOf(specifications, step))));
    assert.deepEqual(there.dense(), here.dense());
  });

  it('is the same where gradients can only be awaited; those on their way are counted', async () => {
    const variant = { ...sgd, parameterPrecision: 'bfloat16' } as const;
    const waiting = packedRun({ read: one => { const values = one.dataSync<'float32'>().slice(); return new Promise(resolve => { setTimeout(() => { resolve(values); }, 1); }); } }, variant);
    const here = start(variant);
    runs.push(waiting);
    const before = waiting.ledger.live().workspace;
    for (const run of [waiting, here]) {
      run.collect(gradientsOf(specifications, 1), { weight: 0.25, first: true, last: false });
      run.collect(gradientsOf(specifications, 2), { weight: 0.75, first: false, last: true });
    }
    assert.equal(waiting.ledger.live().workspace - before, 8 * dimension);
    for (const run of [waiting, here]) await run.placement.update(1, { lossScale: 1 });
    assert.equal(waiting.ledger.live().workspace, before);
    assert.deepEqual(waiting.dense(), here.dense());
  });

  for (const format of ['float16', 'bfloat16'] as const) {
    it(`${format}: every step is that of the plain optimizer, rounded where it is stored`, async () => {
      const round = (values: Float32Array) => rounded(format, values);
      const run = start({ ...sgd, parameterPrecision: format, momentPrecision: format });
      let theta: Float32Array[] = initialOf(specifications).map(round);
      let velocity: Float32Array[] = theta.map(values => new Float32Array(values.length));
      assert.deepEqual(run.dense(), theta);
      for (let step = 1; step <= 4; step++) {
        const gradients = gradientsOf(specifications, step).map(round);
        await run.step(step, gradients);
        const direction = velocity.map((values, at) => values.map((value, entry) => sgd.momentum * value + gradients[at]![entry]!));
        velocity = direction.map(round);
        theta = theta.map((values, at) => round(values.map((value, entry) => value + Math.fround(-sgd.learningRate * (direction[at]![entry]! + sgd.weightDecay * value)))));
        assert.deepEqual(run.dense(), theta, `step ${step}`);
      }
    });

    it(`${format}: other optimizers take their steps on what is unpacked`, async () => {
      for (const variant of [{ optimizer: 'sparse-mfac', window: 4, density: 0.05 }, { optimizer: 'soap', preconditionInterval: 2 }] as const) {
        const run = start({ ...variant, parameterPrecision: format });
        const plain = plainRun(variant);
        plain.values.forEach((values, at) => { values.set(rounded(format, values)); assert.deepEqual(run.dense()[at], values); });
        for (let step = 1; step <= 3; step++) {
          const gradients = gradientsOf(specifications, step).map(values => rounded(format, values));
          await run.step(step, gradients);
          plain.step(step, gradients);
          for (const values of plain.values) values.set(rounded(format, values));
          assert.deepEqual(run.dense(), plain.values);
        }
      }
    });
  }

  it('slices add up by their weights, rounded to float32 and to what is stored', async () => {
    for (const parameterPrecision of ['float32', 'float16'] as const) {
      const variant = { ...sgd, momentum: 0, weightDecay: 0, learningRate: 1, parameterPrecision } as const;
      const round = (values: Float32Array) => parameterPrecision === 'float32' ? values : rounded(parameterPrecision, values);
      const run = start(variant);
      const parts = [1, 2, 3].map(step => gradientsOf(specifications, step));
      const weights = [0.5, 0.3, 0.2];
      parts.forEach((gradients, at) => { run.collect(gradients, { weight: weights[at]!, first: at === 0, last: at === 2 }); });
      await run.placement.update(1, { lossScale: 1 });
      const expected = initialOf(specifications).map((values, tensorAt) => {
        let sum = round(parts[0]![tensorAt]!.map(value => weights[0]! * value));
        for (const at of [1, 2]) sum = round(sum.map((value, entry) => value + weights[at]! * parts[at]![tensorAt]![entry]!));
        return round(round(values).map((value, entry) => value + Math.fround(-sum[entry]!)));
      });
      assert.deepEqual(run.dense(), expected);
    }
  });

  describe('loss scaling', () => {
    it('divides by the scale', async () => {
      const [scaled, plain] = [start({ ...sgd, lossScaling: 'dynamic' }), start(sgd)];
      for (let step = 1; step <= 3; step++) {
        const gradients = gradientsOf(specifications, step);
        await scaled.step(step, gradients.map(values => values.map(value => 1024 * value)), 1024);
        await plain.step(step, gradients);
      }
      assert.deepEqual(scaled.dense(), plain.dense());
    });

    it('skips a step that overflows, and nothing has changed', async () => {
      for (const variant of [sgd, adamw, { optimizer: 'sparse-mfac', window: 3, density: 0.05 }] as const) {
        const run = start({ ...variant, parameterPrecision: 'float16', lossScaling: 'dynamic' });
        await run.step(1, gradientsOf(specifications, 1), 4);
        const [before, state] = [run.dense(), structuredClone(run.placement.saving.state)];
        const gradients = gradientsOf(specifications, 2);
        gradients[4]![17] = 1e5;
        assert.deepEqual(await run.step(2, gradients, 4), { skipped: true });
        assert.deepEqual(run.dense(), before);
        assert.deepEqual(structuredClone(run.placement.saving.state), state);
        assert.deepEqual(await run.step(2, gradientsOf(specifications, 2), 2), {});
      }
    });

    it('unscaled, a gradient that is not finite is an error that names the parameter', async () => {
      for (const variant of [sgd, { ...sgd, fusedUpdate: true }, { ...sgd, parameterPrecision: 'float16' }, { optimizer: 'ggt', window: 2 }] as const) {
        const run = start(variant);
        const before = run.dense();
        const gradients = gradientsOf(specifications, 1);
        gradients[0]![5] = NaN;
        await assert.rejects(async () => run.step(1, gradients), (error: unknown) => error instanceof NonFiniteGradientError && error.parameter === 'stem/kernel' && error.entries === 1);
        assert.deepEqual(run.dense(), before);
      }
    });
  });

  it('a float32 copy adds up updates that two bytes would lose', async () => {
    const tiny = { ...sgd, momentum: 0, weightDecay: 0, learningRate: 1, parameterPrecision: 'bfloat16' } as const;
    const [without, with_] = [start(tiny), start({ ...tiny, masterCopy: true })];
    const before = without.dense();
    const gradients = before.map(values => values.map(value => 2 ** -12 * value));
    for (let step = 1; step <= 100; step++) for (const run of [without, with_]) await run.step(step, gradients);
    assert.deepEqual(without.dense(), before, 'each update is less than half of the last place');
    with_.dense().forEach((values, at) => values.forEach((value, entry) => {
      const start_ = before[at]![entry]!;
      assert.ok(Math.abs(value - start_ * (1 - 100 * 2 ** -12)) <= 2 ** -7 * Math.abs(start_), `${start_} to ${value}`);
      if (start_ !== 0) assert.notEqual(value, start_);
    }));
  });

  it('second moments in two bytes do not vanish where squares would', async () => {
    const run = start({ ...adamw, weightDecay: 0, parameterPrecision: 'float32', momentPrecision: 'float16' });
    const plain = plainRun({ ...adamw, weightDecay: 0 });
    for (let step = 1; step <= 5; step++) {
      // Squares of 1e-4 times 1 - beta2 are 1e-11; the smallest float16 is 6e-8.
      const gradients = gradientsOf(specifications, step, 1e-4);
      await run.step(step, gradients);
      plain.step(step, gradients);
    }
    const errors = run.dense().flatMap((values, at) => [...values].map((value, entry) => Math.abs(value - plain.values[at]![entry]!)));
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    // Where a gradient is nearly zero even the root is; a step is never much longer than the learning rate, though.
    assert.ok(Math.max(...errors) < 2 * adamw.learningRate && mean < 0.01 * adamw.learningRate, `off by ${Math.max(...errors)}, ${mean} on average`);
  });

  it('refuses sparse weights with optimizers that need matrices, and models without any', () => {
    for (const optimizer of ['low-rank-mfac', 'low-rank-ggt', 'muon', 'shampoo', 'soap', 'adafactor'] as const) {
      assert.throws(() => start({ optimizer, weightDensity: 0.3 }), (error: unknown) => error instanceof InputError && error.problems[0]?.field === 'weightDensity' && error.message.includes(optimizer));
    }
    assert.throws(() => start({ ...sgd, weightDensity: 0.3 }, specifications.slice(0, 2)), /no tensor that may be sparse/);
  });

  it('refuses a change to what does not go together, and slices of a fused update', async () => {
    const run = start({ ...sgd, fusedUpdate: true });
    await assert.rejects(async () => run.placement.change({ clipNorm: 1 }), InputError);
    const slice = tensor(initialOf(specifications)[1]!);
    assert.throws(() => { run.placement.collect(1, slice, { weight: 0.5, first: true, last: false }); }, /fusedUpdate/);
    slice.dispose();
  });

  it('applies changes on the way: a velocity that comes and goes', async () => {
    const run = start({ ...sgd, momentum: 0, parameterPrecision: 'float16', momentPrecision: 'float16' });
    assert.deepEqual(run.placement.stateBytes(), {});
    await run.placement.change({ momentum: 0.9, learningRate: 0.1 });
    assert.deepEqual([run.placement.stateBytes(), run.ledger.live().optimizerState], [{ velocity: 2 * dimension }, 2 * dimension]);
    await run.placement.change({ momentum: 0 });
    assert.equal(run.ledger.live().optimizerState, 0);
  });
});

function rounded(format: HalfFormat, values: Float32Array): Float32Array {
  const halves = new Uint16Array(values.length);
  packHalves(format, values, halves, 0, 'infinite');
  const result = new Float32Array(values.length);
  unpackHalves(format, halves, 0, result);
  return result;
}
