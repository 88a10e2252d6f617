import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { memory, version_core as version } from '@tensorflow/tfjs-core';
import { loadBackend } from '../../../src/backends/loadBackend';
import { noBytes, sumBytes } from '../../../src/protocol/samples';
import type { Settings } from '../../../src/settings/knobs';
import { assemble } from '../../../src/trainer/assemble';
import { Mailbox } from '../../../src/trainer/mailbox';
import type { TrainingEvent } from '../../../src/trainer/train';
import { assets } from '../../support/assets';
import { collectRun, hostOptimizerOf, ofType, smallRun } from '../../support/collectRun';
import { watchThreads } from '../../support/workerThreads';
import { scratchFolder } from '../host/scratch';

const lossesOf = (events: readonly TrainingEvent[]) => ofType(events, 'sample').map(({ step, loss, accuracy }) => ({ step, loss, accuracy }));

/** The first so many steps. */
function stepsOf(settings: Partial<Settings>, steps: number): Promise<TrainingEvent[]> {
  const mailbox = new Mailbox();
  return collectRun(settings, mailbox, event => { if (event.type === 'sample' && event.step === steps) mailbox.post({ type: 'stop' }); });
}

describe('trainer: a run with several workers', () => {
  const workspace = scratchFolder();
  let tensorsBefore: number;
  before(() => loadBackend('wasm', { assets }));
  beforeEach(() => { tensorsBefore = memory().numTensors; });
  afterEach(() => { assert.equal(memory().numTensors, tensorsBefore, 'every tensor is gone'); });

  it('is the same run every time, and that of one worker within rounding, to the last short batch and the validation after it', async () => {
    // 11 steps; the last batch has 4 examples, fewer than there are workers.
    const settings: Partial<Settings> = { optimizer: 'sgd', learningRate: 0.1, shift: 1, batchSize: 899, workers: 5 };
    const first = await collectRun(settings, new Mailbox());
    assert.equal(first.at(-1)?.type, 'finished');
    assert.equal(ofType(first, 'finished')[0]?.reason, 'completed');
    assert.equal(ofType(first, 'sample').length, 11);
    const again = await collectRun(settings, new Mailbox());
    assert.deepEqual(lossesOf(again), lossesOf(first));
    assert.deepEqual(ofType(again, 'validation'), ofType(first, 'validation'));
    const alone = await collectRun({ ...settings, workers: 1 }, new Mailbox());
    lossesOf(alone).forEach(({ loss }, index) => { assert.ok(Math.abs(loss - lossesOf(first)[index]!.loss) < 1e-5 * loss, `step ${index + 1}: ${loss} by one, ${lossesOf(first)[index]!.loss} by five`); });
    assert.notDeepEqual(lossesOf(alone), lossesOf(first), 'sums of slices round otherwise');
  });

  it('goes together with state on the device', async () => {
    const settings: Partial<Settings> = { optimizer: 'sparse-mfac', placement: 'device' };
    const [alone, shared] = [await stepsOf(settings, 5), await stepsOf({ ...settings, workers: 2 }, 5)];
    lossesOf(alone).forEach(({ loss }, index) => { assert.ok(Math.abs(loss - lossesOf(shared)[index]!.loss) < 1e-3 * loss); });
    assert.equal(ofType(shared, 'sample')[4]?.memory.bytesAtPeak.unattributed, 0);
  });

  for (const workers of [2, 3]) {
    it(`counts every byte of ${workers} threads: what they hold between steps, and at the peak`, async () => {
      const d = 235_146;
      const batch = 120;
      const { memory: alone } = ofType(await stepsOf({ batchSize: batch }, 3), 'sample')[2]!;
      const mailbox = new Mailbox();
      let state = 0;
      const events = await collectRun({ batchSize: batch, workers }, mailbox, (event, run) => {
        if (event.type !== 'sample' || event.step !== 3) return;
        state = hostOptimizerOf(run).stateBytes().residual!;
        mailbox.post({ type: 'stop' });
      });
      const { memory: sample } = ofType(events, 'sample')[2]!;
      assert.ok(state > 0);
      const room = (workers - 1) * (batch / workers) * (4 * 784 + 4);
      // Every thread's own parameters and the shared ones; the optimizer's gradient and one of every slice; room for the others' slices.
      assert.deepEqual(sample.liveBytes, { ...noBytes(), parameters: 4 * d * (workers + 1), gradients: 4 * d * (workers + 1), data: room, optimizerState: sample.liveBytes.optimizerState });
      assert.equal(sumBytes(sample.bytesAtPeak), sample.peakBytes);
      assert.equal(sample.bytesAtPeak.unattributed, 0);
      // The slices are as long as the batch together, and their activations as large; each also has its examples as tensors.
      assert.ok(sample.bytesAtPeak.data === room + 2 * batch * (4 * 784 + 4), `${sample.bytesAtPeak.data} bytes of data`);
      assert.equal(sample.bytesAtPeak.activations, alone.bytesAtPeak.activations);
      assert.ok(sample.held.wasmHeap! >= alone.held.wasmHeap! + (workers - 1) * 16 * 1024 * 1024, `${sample.held.wasmHeap!} bytes of heaps`);
    });
  }

  it('ends its threads when it completes, stops, or fails', async () => {
    await watchThreads(assets, async ({ started, alive }) => {
      for (const [settings, steps, reason] of [[{ batchSize: 4500 }, Infinity, 'completed'], [{}, 2, 'stopped'], [{ optimizer: 'sgd', learningRate: 100, weightDecay: 1, epochs: 3 }, Infinity, 'failed']] as const) {
        const before = started.length;
        const events = await stepsOf({ ...settings, workers: 3 }, steps);
        assert.equal(ofType(events, 'finished')[0]?.reason, reason);
        if (reason === 'failed') assert.match(ofType(events, 'finished')[0]!.message!, /training has diverged/);
        assert.equal(started.length, before + 2);
        assert.equal(alive(), 0);
      }
    });
  });

  it('starts no thread for one worker', async () => {
    await watchThreads(assets, async ({ started }) => {
      await stepsOf({ workers: 1 }, 2);
      assert.equal(started.length, 0);
    });
  });

  it('is refused on a backend that is parallel by itself, also where that turns out only now, and nothing is left', async () => {
    const folder = path.join(workspace(), 'node_modules', '@tensorflow', 'tfjs-node');
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: '@tensorflow/tfjs-node', version, main: 'index.js' }));
    writeFileSync(path.join(folder, 'index.js'), "globalThis._tfengine.registerBackend('tensorflow', () => globalThis._tfengine.findBackend('cpu'));");
    await loadBackend('cpu', { assets });
    await watchThreads(assets, async ({ started }) => {
      await assert.rejects(assemble({ ...smallRun, backend: 'tensorflow', workers: 2 }, { assets, workspace: workspace() }), /workers is 2, but the backend is tensorflow, .*Set workers to 1, or backend to "wasm"/);
      assert.equal(started.length, 0);
    });
    await loadBackend('wasm', { assets });
  });
});
