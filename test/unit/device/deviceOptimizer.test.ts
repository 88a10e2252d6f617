import { dispose, engine, tensor, tidy, variable } from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { createDeviceOptimizer } from '../../../src/optimizers/device/deviceOptimizer';
import { deviceStateBytes } from '../../../src/settings/formulas/device';
import { NonFiniteGradientError } from '../../../src/optimizers/nonFiniteGradient';
import { packs } from '../../../src/settings/devicePlacement';
import { isUsedBy, type Settings } from '../../../src/settings/knobs';
import { parameterSpace } from '../../../src/settings/parameterSpace';
import { totalBytes } from '../../../src/settings/stateBytes';
import { absoluteIndices, keptOf, layoutOf } from '../kernels/flatSpace';
import { normalVector, relativeDistance } from '../kernels/randomVector';
import { settingsOf, twoTensors } from '../optimizers/variants';
import { leavingNothing, onEachBackend } from './backends';
import { DeviceRun } from './deviceRun';
import { codedVariants, deviceChanges, deviceVariants } from './deviceVariants';

const dimension = 317;
/** Of the parameters and of what the steps have changed of them: float32 rounds each of the operations that float64 rounds once. */
const tolerance = 3e-6;

onEachBackend('optimizers on the device', backend => {
  const coded = codedVariants(backend);
  for (const [name, variant] of [...deviceVariants(backend), ...coded]) {
    const run = async (body: (run: DeviceRun) => Promise<void>) => {
      await leavingNothing(async () => {
        const made = new DeviceRun(variant, dimension);
        try {
          await body(made);
        } finally {
          made.dispose();
        }
      });
    };

    describe(name, () => {
      const isExact = !coded.some(([other]) => other === name);

      if (isExact) it('takes the steps that it takes on the host, twice round the ring', () => run(async run => {
        const start = run.hostValues();
        for (let step = 1; step <= 12; step++) {
          await run.step(step);
          assertSame(run, await run.values(), start, `step ${step}`);
        }
      }));

      if (isExact) it('follows changes as it does on the host', () => run(async run => {
        const start = run.hostValues();
        let step = 0;
        for (const change of deviceChanges) {
          for (let steps = 0; steps < 2; steps++) await run.step(++step);
          const used = Object.fromEntries(Object.entries(change).filter(([knob]) => isUsedBy(knob as keyof typeof change, settingsOf(variant).optimizer)));
          run.host.change(used);
          await run.optimizer.change(used);
          await run.step(++step);
          assertSame(run, await run.values(), start, JSON.stringify(change));
        }
      }));

      it('holds exactly the predicted bytes, and as many tensors after every step as before', () => leavingNothing(async () => {
        const parameters = twoTensors(dimension).map(({ values, shape }) => tidy(() => variable(tensor(values, [...shape]))));
        const bytesBefore = engine().memory().numBytes;
        let settings = settingsOf(variant);
        const optimizer = createDeviceOptimizer(settings, twoTensors(dimension));
        const assertBytes = () => {
          const bytes = optimizer.stateBytes();
          assert.deepEqual(bytes, deviceStateBytes(settings, parameterSpace(twoTensors(dimension)), backend));
          assert.equal(engine().memory().numBytes - bytesBefore, totalBytes(bytes.device));
        };
        assertBytes();
        for (const [index, change] of deviceChanges.entries()) {
          await leavingNothing(async () => {
            const gradients = parameters.map((parameter, at) => tensor(normalVector(parameter.size, 10 * index + at), parameter.shape));
            assert.deepEqual(await optimizer.update(gradients, parameters, index + 1), parameters);
            dispose(gradients);
          });
          assertBytes();
          await optimizer.change(change);
          settings = { ...settings, ...change };
          assertBytes();
        }
        optimizer.dispose();
        dispose(parameters);
      }));

      it('gradients of any size leave parameters finite, and it goes on after them', () => run(async run => {
        let step = 0;
        for (const scale of [0, 1e-45, 1e-30, 1e18, 1e30, 3e37]) {
          for (const size of [1, scale]) await run.deviceStep(++step, normalVector(dimension, 1000 + step, size));
          assert.ok((await run.values()).every(Number.isFinite), `after gradients of size ${scale}`);
        }
      }));

      it('a gradient that is not finite changes nothing, and the run can go on', () => run(async run => {
        for (let step = 1; step <= 4; step++) await run.step(step);
        const before = await run.values();
        const gradient = normalVector(dimension, 1005);
        gradient[250] = Number.NaN;
        gradient[316] = -Infinity;
        await assert.rejects(run.deviceStep(5, gradient), (error: unknown) => {
          assert.ok(error instanceof NonFiniteGradientError);
          assert.equal(error.parameter, 'dense/bias');
          assert.equal(error.entries, 2);
          assert.match(error.message, /dense\/bias.*2 of 107 .*step 5.*Lower learningRate \(now 0\.01\)/);
          return true;
        });
        assert.deepEqual(await run.values(), before);
        for (let step = 5; step <= 8; step++) await run.step(step);
        if (isExact) assertSame(run, await run.values(), before, 'after the refusal');
      }));
    });
  }

  for (const optimizer of ['dense-mfac', 'sparse-mfac', 'ggt', 'sparse-ggt'] as const) {
    it(`${optimizer}: little damping and nearly the same gradient again and again`, () => leavingNothing(async () => {
      const run = new DeviceRun({ optimizer, window: 6, density: 0.2, blockSize: 64, damping: 1e-6, epsilon: 1e-5, beta2: 1 }, dimension);
      const start = run.hostValues();
      const same = normalVector(dimension, 7);
      for (let step = 1; step <= 14; step++) await run.step(step, same.map((value, at) => value + (step % 3 === 0 ? 0 : 1e-3 * normalVector(dimension, step)[at]!)));
      const moved = relativeDistance((await run.values()).map((value, at) => value - start[at]!), run.hostValues().map((value, at) => value - start[at]!));
      run.dispose();
      assert.ok(moved < 1e-4, `${moved} apart`);
    }));
  }

  if (backend === 'webgpu') it('the GPU holds the bytes that are stated, and no more', async () => {
    const bytesInGpu = () => (engine().backend.memory() as unknown as { numBytesInGPU: number }).numBytesInGPU;
    const before = bytesInGpu();
    const run = new DeviceRun({ optimizer: 'sparse-mfac', window: 5, density: 0.1, blockSize: 64, momentum: 0.5, valuePrecision: 'bfloat16' }, 40_000);
    for (let step = 1; step <= 3; step++) {
      await run.deviceStep(step, normalVector(40_000, step));
      await run.values();
      assert.equal(bytesInGpu() - before, 4 * 40_000 + totalBytes(run.optimizer.stateBytes().device));
    }
    run.dispose();
    assert.equal(bytesInGpu(), before);
  });

  it('updates only what some row of the window keeps', () => leavingNothing(async () => {
    const window = 3;
    const run = new DeviceRun({ optimizer: 'sparse-mfac', window, density: 0.05, blockSize: 64, errorFeedback: false }, dimension);
    const supports: Set<number>[] = [];
    for (let step = 1; step <= 7; step++) {
      const [before, gradient] = [await run.values(), normalVector(dimension, 1000 + step)];
      supports.push(new Set(absoluteIndices(keptOf(gradient, layoutOf(dimension, 0.05, 64)))));
      await run.deviceStep(step, gradient);
      const changed = [...(await run.values()).entries()].filter(([at, value]) => value !== before[at]).map(([at]) => at);
      assert.ok(changed.length > 0);
      assert.deepEqual(changed.filter(at => !supports.slice(-window).some(support => support.has(at))), []);
    }
    run.dispose();
  }));

  for (const size of [1, 2, 5000]) {
    it(`takes the steps of the host with ${size} parameters, some tensors being empty`, () => leavingNothing(async () => {
      for (const variant of [{ optimizer: 'adamw' }, { optimizer: 'dense-mfac', window: 3 }, { optimizer: 'sparse-mfac', window: 3, density: 0.02, blockSize: 512 }] as const) {
        const run = new DeviceRun(variant, size);
        const start = run.hostValues();
        for (let step = 1; step <= 5; step++) await run.step(step);
        assertSame(run, await run.values(), start, variant.optimizer);
        run.dispose();
      }
    }));
  }

  it('follows the schedule of the learning rate', () => leavingNothing(async () => {
    const run = new DeviceRun({ optimizer: 'sgd', schedule: 'cosine', warmupSteps: 2 }, dimension, 6);
    const start = run.hostValues();
    for (let step = 1; step <= 6; step++) await run.step(step);
    assertSame(run, await run.values(), start, 'cosine');
    run.dispose();
  }));

  it('refuses by name what it does not have, and says what does', () => {
    const make = (settings: Partial<Settings>) => () => createDeviceOptimizer(settingsOf(settings), twoTensors(dimension));
    for (const optimizer of ['low-rank-mfac', 'low-rank-ggt', 'micro-adam', 'adamw-8bit', 'adafactor', 'muon', 'shampoo', 'soap'] as const) {
      assert.throws(make({ optimizer }), new RegExp(`optimizer is "${optimizer}".*sgd, adamw.*placement "host"`));
    }
    if (packs(backend)) return;
    assert.throws(make({ optimizer: 'sparse-mfac', valuePrecision: 'bfloat16' }), /valuePrecision is "bfloat16".*webgpu.*"float32"/);
    assert.throws(make({ optimizer: 'sparse-mfac', errorFeedbackBits: 4 }), /errorFeedbackBits is 4.*webgpu.*32/);
  });

  it('refuses tensors that are not the ones it was made for, and a step before the last is over', async () => {
    const run = new DeviceRun({ optimizer: 'sgd' }, dimension);
    await assert.rejects(run.optimizer.update(run.parameters, run.parameters.slice(1), 1), /made for 2 tensors.*but got 1/);
    await assert.rejects(run.optimizer.update(run.parameters.slice(1), run.parameters, 1), new RegExp(`made for ${dimension} parameters`));
    const first = run.optimizer.update(run.parameters, run.parameters, 1);
    await assert.rejects(run.optimizer.update(run.parameters, run.parameters, 2), /still under way/);
    dispose(await first);
    run.dispose();
  });

  it('a change that is refused changes nothing', async () => {
    const run = new DeviceRun({ optimizer: 'sparse-mfac', window: 4, density: 0.1, blockSize: 64 }, dimension);
    await run.step(1);
    const bytes = run.optimizer.stateBytes();
    await assert.rejects(run.optimizer.change({ window: 8, schedule: 'cosine' }), /schedule/);
    assert.deepEqual(run.optimizer.stateBytes(), bytes);
    const start = run.hostValues();
    for (let step = 2; step <= 6; step++) await run.step(step);
    assertSame(run, await run.values(), start, 'after the refusal');
    run.dispose();
  });
});

/** What was added to the parameters since `start`, relative to its size, beside float32's rounding of the parameters themselves. */
function assertSame(run: DeviceRun, values: Float32Array, start: Float32Array, what: string): void {
  const expected = run.hostValues();
  const moved = relativeDistance(values.map((value, at) => value - start[at]!), expected.map((value, at) => value - start[at]!));
  const apart = relativeDistance(values, expected);
  assert.ok(apart < 3e-7 || moved < tolerance, `${what}: ${apart} of the parameters, ${moved} of the steps`);
}
