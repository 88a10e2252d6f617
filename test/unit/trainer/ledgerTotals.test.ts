import assert from 'node:assert/strict';
import { backend } from '@tensorflow/tfjs-core';
import { loadBackend } from '../../../src/backends/loadBackend';
import { builtInModel } from '../../../src/models/builtIn';
import { deviceStateBytes } from '../../../src/settings/formulas/device';
import { defaultsFor, type Settings } from '../../../src/settings/knobs';
import { parameterSpace } from '../../../src/settings/parameterSpace';
import { totalBytes } from '../../../src/settings/stateBytes';
import { Mailbox } from '../../../src/trainer/mailbox';
import { assets } from '../../support/assets';
import { collectRun, hostOptimizerOf, ofType, smallRun } from '../../support/collectRun';
import { categories, higherStored, noBytes, storedBytes } from '../../../src/protocol/samples';

/** Follows every allocation of the wasm heap by address, knowing nothing of tensors: the ledger's independent witness. */
function watchHeap(): { highest(): number; stop(): void } {
  const { wasm: module } = backend() as unknown as { wasm: { _malloc: (bytes: number) => number; _free: (address: number) => void } };
  const { _malloc: malloc, _free: free } = module;
  const sizes = new Map<number, number>();
  let live = 0;
  let highest = 0;
  module._malloc = bytes => {
    const address = malloc(bytes);
    sizes.set(address, bytes);
    highest = Math.max(highest, live += bytes);
    return address;
  };
  module._free = address => {
    live -= sizes.get(address) ?? 0;
    sizes.delete(address);
    free(address);
  };
  return { highest: () => highest, stop: () => { Object.assign(module, { _malloc: malloc, _free: free }); } };
}

/** Activations that each model must save for one batch of 128, in bytes: what every layer's comment says it keeps. */
const activations: Record<'mlp' | 'convnet', number> = {
  mlp: 4 * 128 * (256 + 128 + 10),
  // conv1 and pool1, conv2 and pool2 (whose output the flattened input shares), dense, probabilities
  convnet: 4 * 128 * (28 * 28 * 8 + 14 * 14 * 8 + 14 * 14 * 16 + 7 * 7 * 16 + 64 + 10),
};
const parameters: Record<'mlp' | 'convnet', number> = { mlp: 235_146, convnet: 52_138 };

for (const model of ['mlp', 'convnet'] as const) {
  describe(`trainer: the bytes of ${model} are true`, () => {
    it('on wasm, the heap itself agrees with the ledger, and nothing is unattributed', async () => {
      const mailbox = new Mailbox();
      let witness: ReturnType<typeof watchHeap> | undefined;
      let heapAtStart = 0;
      const highest: number[] = [];
      const events = await collectRun({ model }, mailbox, (event, { ledger }) => {
        if (event.type === 'sample' && event.step === 3) {
          // What the witness has not seen arrive: the parameters.
          heapAtStart = ledger.live().parameters;
          witness = watchHeap();
        }
        if (event.type === 'sample' && event.step === 4) {
          highest.push(witness!.highest());
          witness!.stop();
          mailbox.post({ type: 'stop' });
        }
      });
      const { memory } = ofType(events, 'sample')[3]!;
      const onHost = memory.liveBytes.gradients + memory.liveBytes.optimizerState;
      const independent = heapAtStart + highest[0]! + onHost;
      assert.ok(Math.abs(independent - memory.peakBytes) <= 0.01 * memory.peakBytes, `the heap says ${independent}, the ledger ${memory.peakBytes}`);
      assert.ok(memory.bytesAtPeak.unattributed <= 0.01 * memory.peakBytes);
      assert.equal(memory.bytesAtPeak.unattributed, 0);
    });

    for (const optimizer of ['sgd', 'adamw', 'sparse-mfac'] as const) {
      it(`on wasm, the heap itself agrees with the ledger where the state of ${optimizer} lies there too`, async () => {
        await loadBackend('wasm', { assets });
        const settings: Settings = { ...defaultsFor(optimizer), ...smallRun, model, optimizer, window: 4, momentum: 0.5, placement: 'device' };
        const witness = watchHeap();
        try {
          const mailbox = new Mailbox();
          const events = await collectRun(settings, mailbox, event => { if (event.type === 'sample' && event.step === 6) mailbox.post({ type: 'stop' }); });
          const { peakBytes = 0, bytesAtPeak = noBytes() } = ofType(events, 'finished')[0]!;
          const { host } = deviceStateBytes(settings, parameterSpace(builtInModel(model).parameters), 'wasm');
          const independent = witness.highest() + totalBytes(host);
          assert.ok(Math.abs(independent - peakBytes) <= 0.01 * peakBytes, `the heap says ${independent}, the ledger ${peakBytes}`);
          assert.equal(bytesAtPeak.unattributed, 0);
        } finally {
          witness.stop();
        }
      });
    }

    it('between two steps only parameters, the flat gradient and the optimizer state live, at their formulas', async () => {
      const mailbox = new Mailbox();
      let held = 0;
      const events = await collectRun({ model }, mailbox, (event, run) => {
        if (event.type !== 'sample' || event.step !== 3) return;
        held = bytesOf(hostOptimizerOf(run).state);
        mailbox.post({ type: 'stop' });
      });
      const { liveBytes } = ofType(events, 'sample')[2]!.memory;
      const d = parameters[model];
      assert.deepEqual(liveBytes, { ...noBytes(), parameters: 4 * d, gradients: 4 * d, optimizerState: held });
    });

    it('at the end of the forward pass the activations are what the layers say they save', async () => {
      const mailbox = new Mailbox();
      let saved = 0;
      await collectRun({ model }, mailbox, (event, { ledger }) => {
        if (event.type === 'sample' && event.step === 2) {
          const enter = ledger.enter.bind(ledger);
          ledger.enter = phase => {
            if (phase === 'backward') saved = ledger.live().activations;
            enter(phase);
          };
        }
        if (event.type === 'sample' && event.step === 3) mailbox.post({ type: 'stop' });
      });
      assert.equal(saved, activations[model]);
    });

    it('every category is a whole number of bytes and the peak is their sum', async () => {
      const mailbox = new Mailbox();
      const events = await collectRun({ model, optimizer: 'adamw', learningRate: 0.001 }, mailbox, event => {
        if (event.type === 'sample' && event.step === 3) mailbox.post({ type: 'stop' });
      });
      for (const { memory } of ofType(events, 'sample')) {
        assert.equal(categories.reduce((sum, category) => sum + memory.bytesAtPeak[category], 0), memory.peakBytes);
        assert.ok(categories.every(category => Number.isInteger(memory.bytesAtPeak[category]) && memory.bytesAtPeak[category] >= 0));
        assert.equal(memory.liveBytes.optimizerState, 8 * parameters[model]);
      }
      const stored = ofType(events, 'sample').map(({ memory }) => memory.storedPeak).reduce(higherStored, undefined);
      assert.ok(stored !== undefined && storedBytes(stored) > 0);
      assert.deepEqual(ofType(events, 'finished')[0]?.storedPeak, stored);
    });
  });
}

/** Bytes of every typed array in a nested state, counted without the optimizer's own bookkeeping. */
function bytesOf(state: unknown): number {
  if (ArrayBuffer.isView(state)) return state.byteLength;
  return typeof state === 'object' && state !== null ? Object.values(state).reduce<number>((sum, part) => sum + bytesOf(part), 0) : 0;
}

describe('trainer: backends agree', () => {
  it('wasm and the cpu oracle train alike', async () => {
    const losses = async (name: 'wasm' | 'cpu') => {
      const mailbox = new Mailbox();
      const events = await collectRun({ backend: name, optimizer: 'sgd', learningRate: 0.1, batchSize: 32 }, mailbox, event => {
        if (event.type === 'sample' && event.step === 12) mailbox.post({ type: 'stop' });
      });
      return ofType(events, 'sample').map(({ loss }) => loss);
    };
    const [wasm, cpu] = [await losses('wasm'), await losses('cpu')];
    wasm.forEach((loss, index) => { assert.ok(Math.abs(loss - cpu[index]!) < 1e-4, `step ${index + 1}: ${loss} on wasm, ${cpu[index]!} on cpu`); });
  });
});
