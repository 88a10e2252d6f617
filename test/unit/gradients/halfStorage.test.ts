import assert from 'node:assert/strict';
import { fill, memory, reshape, tensor, tensor1d, tensor2d, tidy, zeros, type Tensor } from '@tensorflow/tfjs-core';
import { loadBackend } from '../../../src/backends/loadBackend';
import { exactStorage, halfStorage } from '../../../src/gradients/halfStorage';
import type { ActivationStorage, Stored } from '../../../src/gradients/storage';
import { Ledger } from '../../../src/memory/ledger';
import { assets } from '../../support/assets';

describe('gradients: storage of activations', () => {
  let ledger: Ledger;
  before(() => loadBackend('wasm', { assets }));
  beforeEach(() => { ledger = new Ledger(); });
  afterEach(() => { ledger.stop(); });

  const activations = () => ledger.live().activations;
  const made = (make: () => Tensor) => ledger.scope('workspace', make);

  for (const format of ['float16', 'bfloat16'] as const) {
    it(`holds two bytes a number as ${format}, and gives float32 back`, () => {
      const before = memory().numTensors;
      const stored = halfStorage(ledger, format).store(made(() => fill([3, 101], 1.5)));
      assert.deepEqual([activations(), ledger.live().workspace], [4 * 152, 0]);
      const restored = stored.restore();
      assert.deepEqual([ledger.live().workspace, ledger.live().unattributed], [4 * 303, 0]);
      assert.deepEqual([restored.shape, restored.dtype, new Set(restored.dataSync())], [[3, 101], 'float32', new Set([1.5])]);
      stored.dispose();
      assert.equal(activations(), 0);
      assert.equal(restored.dataSync()[0], 1.5, 'what was restored outlives what was stored');
      restored.dispose();
      assert.equal(memory().numTensors, before);
    });
  }

  it('rounds to the format', () => {
    const values = tensor(Array.from({ length: 512 }, () => 1 + 2 ** -9), [2, 256]);
    const [float16, bfloat16] = (['float16', 'bfloat16'] as const).map(format => halfStorage(ledger, format).store(values.clone()));
    assert.deepEqual([float16!.restore().dataSync()[511], bfloat16!.restore().dataSync()[511]], [1 + 2 ** -9, 1]);
  });

  it('packs a buffer once, however many tensors lie on it, and keeps it for the last of them', () => {
    const storage = halfStorage(ledger, 'float16');
    const x = made(() => fill([4, 100], 3));
    const again = reshape(x, [400, 1]);
    const [first, second] = [storage.store(x), storage.store(again)];
    assert.equal(activations(), 800);
    assert.deepEqual([first.restore().shape, second.restore().shape], [[4, 100], [400, 1]]);
    first.dispose();
    first.dispose();
    assert.equal(activations(), 800, 'disposing of one twice takes nothing from the other');
    assert.equal(second.restore().dataSync()[399], 3);
    second.dispose();
    assert.equal(activations(), 0);
  });

  it('leaves class numbers, masks, statistics and small tensors as they are', () => {
    const storage = halfStorage(ledger, 'float16');
    const third = 1 / 3;
    for (const make of [() => zeros([20, 20], 'int32'), () => zeros([20, 20], 'bool'), () => tensor1d(new Float32Array(1000).fill(third)), () => tensor2d([[third]])]) {
      const tensor = made(make);
      const [expected, { dataId }] = [Array.from(tensor.dataSync()), tensor];
      const stored = storage.store(tensor);
      const restored = stored.restore();
      assert.deepEqual([Array.from(restored.dataSync()), restored.dataId === dataId], [expected, true]);
      stored.dispose();
      assert.equal(restored.isDisposed, false);
      restored.dispose();
      assert.equal(activations(), 0);
    }
  });

  for (const [name, storageOf] of Object.entries<(ledger: Ledger) => ActivationStorage>({ exact: exactStorage, half: each => halfStorage(each, 'bfloat16') })) {
    it(`what is stored in a tidy outlives it (${name})`, () => {
      const before = memory().numTensors;
      const all: Stored[] = [];
      tidy(() => { all.push(storageOf(ledger).store(made(() => fill([16, 32], 7)))); });
      const [stored] = all as [Stored];
      const restored = stored.restore();
      assert.equal(restored.dataSync()[511], 7);
      stored.dispose();
      restored.dispose();
      assert.deepEqual([activations(), memory().numTensors], [0, before]);
    });
  }

  it('keeps the exact tensor where nothing is packed', () => {
    const x = made(() => fill([16, 32], 1 / 3));
    const stored = exactStorage(ledger).store(x);
    assert.deepEqual([activations(), ledger.live().workspace], [2048, 0]);
    assert.equal(stored.restore().dataId, x.dataId);
    stored.dispose();
  });
});
