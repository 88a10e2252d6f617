/** What the trainer owes on webgpu beyond the suite of all backends: bytes, checkpoints, and a clear end when the device fails. */
import { backend as currentBackend, engine, fill, memory } from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { loadBackend } from '../../src/backends/loadBackend';
import { isSoftwareAdapter } from '../../src/backends/webgpuAdapter';
import { builtInModel } from '../../src/models/builtIn';
import { noBytes, sumBytes } from '../../src/protocol/samples';
import { defaultsFor, type Settings } from '../../src/settings/knobs';
import { parameterSpace } from '../../src/settings/parameterSpace';
import { stateBytes, totalBytes } from '../../src/settings/stateBytes';
import { assemble } from '../../src/trainer/assemble';
import { Mailbox } from '../../src/trainer/mailbox';
import { testedBackends, testedPlace } from '../support/backendSuite';
import { collectRun, ofType } from '../support/collectRun';
import { newestCheckpoint, resumeIn, trainIn, type Observe } from '../support/lastingRun';
import { scratchFolder } from '../unit/host/scratch';

const steps = 6;
const base: Partial<Settings> = { backend: 'webgpu', batchSize: 32, window: 4, validationFraction: 0.01, checkpointEvery: 0 };

function settingsOf(more: Partial<Settings>): Settings {
  return { ...defaultsFor(more.optimizer ?? 'sparse-mfac'), ...base, epochs: 1, seed: 3, ...more };
}

function load() {
  return loadBackend('webgpu', testedPlace());
}

/** So many steps of a run; `after` sees each. */
function run(settings: Settings, count = steps, after: (step: number) => void = () => undefined) {
  const mailbox = new Mailbox();
  return collectRun(settings, mailbox, event => {
    if (event.type !== 'sample') return;
    after(event.step);
    if (event.step === count) mailbox.post({ type: 'stop' });
  });
}

/** The device of the backend that is current, to be broken. */
function device(): { destroy(): void; createBuffer(descriptor: { size: number; usage: number }): unknown; readonly limits: { readonly maxBufferSize: number } } {
  return (currentBackend() as unknown as { device: ReturnType<typeof device> }).device;
}

if (testedBackends().includes('webgpu')) {
  describe('backends: the trainer on webgpu', function () {
    this.timeout(600_000);

    for (const model of ['mlp', 'convnet'] as const) {
      for (const placement of ['host', 'device'] as const) {
        it(`trains ${model} with its state on the ${placement} as the cpu does, and every byte is accounted for on webgpu`, async () => {
          const settings = settingsOf({ model, placement });
          const expected = ofType(await run({ ...settings, backend: 'cpu', placement: 'host' }), 'sample');
          await load();
          const tensorsBefore = memory().numTensors;
          const samples = ofType(await run(settings), 'sample');
          assert.equal(memory().numTensors, tensorsBefore, 'every tensor is gone');
          assert.equal(samples.length, steps);
          const space = parameterSpace(builtInModel(model).parameters);
          const predicted = stateBytes(settings, space);
          const flat = placement === 'host' ? 4 * space.dimension : 0;
          samples.forEach(({ loss, memory: { peakBytes, bytesAtPeak, liveBytes, stateBytes: state, held } }, index) => {
            assert.ok(Math.abs(loss - expected[index]!.loss) < 1e-4 * expected[index]!.loss, `step ${index + 1}: ${loss}, on the cpu ${expected[index]!.loss}`);
            assert.deepEqual(state, predicted);
            assert.deepEqual(liveBytes, { ...noBytes(), parameters: 4 * space.dimension, gradients: flat, optimizerState: totalBytes(predicted) });
            assert.ok(bytesAtPeak.unattributed <= 0.01 * peakBytes);
            assert.equal(sumBytes(bytesAtPeak), peakBytes);
            assert.ok(held.process! > 0);
            assert.ok(held.gpuBuffersUsed! >= (placement === 'host' ? 0 : 4 * space.dimension), 'what lies on the device is in use there');
            assert.equal(held.gpuBuffersAllocated, held.gpuBuffersUsed! + held.gpuBuffersPooled!);
            assert.ok(held.gpuBuffersPooled! >= 0);
            assert.equal(held.wasmHeap, undefined);
          });
        });
      }
    }

    describe('checkpoints', () => {
      const [through, parted] = [scratchFolder(), scratchFolder()];
      const stopAt = (step: number): Observe => (event, mailbox) => { if (event.type === 'sample' && event.step === step) mailbox.post({ type: 'stop' }); };

      it('a run that was stopped and resumed is bit for bit the run that went through on webgpu', async () => {
        const settings = settingsOf({ model: 'mlp', shift: 1, checkpointEvery: null });
        const whole = await trainIn(through(), settings, stopAt(steps));
        const first = await trainIn(parted(), settings, stopAt(3));
        const second = await resumeIn(parted(), settings, { observe: stopAt(steps) });
        const losses = (events: typeof whole) => ofType(events, 'sample').map(({ step, loss }) => [step, loss]);
        assert.deepEqual([...losses(first), ...losses(second)], losses(whole));
        const [one, other] = [await newestCheckpoint(through()), await newestCheckpoint(parted())];
        assert.deepEqual([other.parameters, other.state], [one.parameters, one.state]);
      });
    });

    it('says what it computes on, and knows software when it sees it on webgpu', async () => {
      const { adapter, device: name, reason, version } = await load();
      assert.ok(adapter);
      assert.equal(name, adapter.description);
      assert.ok(adapter.limits.maxStorageBufferBindingSize >= 128 * 1024 ** 2);
      assert.match(version, /^4\./);
      assert.equal(adapter.isSoftware, isSoftwareAdapter({ ...adapter, isFallbackAdapter: adapter.isSoftware }));
      assert.equal(/software adapter/.test(reason), adapter.isSoftware);
    });

    it('refuses a batch that no tensor can hold before it starts on webgpu', async () => {
      const { largestTensorBytes } = await load();
      const batchSize = Math.floor(largestTensorBytes! / (4 * 784)) + 1;
      const { numTensors } = memory();
      await assert.rejects(assemble(settingsOf({ batchSize }), testedPlace()), new RegExp(`batchSize is ${batchSize},.*Set it to ${batchSize - 1} or less`));
      assert.equal(memory().numTensors, numTensors);
    });

    it('refuses a result that no tensor can hold when a kernel asks for it, and goes on on webgpu', async () => {
      const { largestTensorBytes, failed } = await load();
      assert.throws(() => fill([largestTensorBytes! / 4 + 1], 1), /does not fit the GPU .*Lower batchSize/);
      const ones = fill([3], 1);
      assert.deepEqual([...await ones.data()], [1, 1, 1]);
      ones.dispose();
      assert.equal(failed!(), undefined);
    });

    for (const [what, breakIt, message] of [
      ['is lost', () => { device().destroy(); }, /The GPU \(.*\) was lost .*goes on from its last checkpoint/],
      ['refuses an operation', () => { device().createBuffer({ size: 2 * device().limits.maxBufferSize, usage: 128 }); }, /The GPU \(.*\) refused an operation: .*exceeds the max buffer size/],
    ] as const) {
      for (const placement of ['host', 'device'] as const) {
        it(`a run whose device ${what} ends with what happened and the remedy, its state on the ${placement} on webgpu`, async () => {
          const events = await run(settingsOf({ placement }), steps, step => { if (step === 3) breakIt(); });
          const [finished] = ofType(events, 'finished');
          assert.deepEqual([finished?.reason, finished?.steps, ofType(events, 'sample').length], ['failed', 3, 3]);
          assert.match(finished?.message ?? '', message);
        });
      }
    }

    it('starts anew on a device of its own after one has failed on webgpu', async () => {
      const { failed } = await load();
      device().destroy();
      const again = await load();
      assert.match(failed!()?.message ?? '', /was lost/);
      assert.equal(again.failed!(), undefined);
      assert.equal(engine().backendName, 'webgpu');
      assert.equal(ofType(await run(settingsOf({}), 1), 'finished')[0]?.reason, 'stopped');
    });
  });
}
