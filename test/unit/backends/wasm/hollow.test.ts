import assert from 'node:assert/strict';
import { conv2d, matMul, memory, ones, tidy, type Rank } from '@tensorflow/tfjs-core';
import { loadBackend } from '../../../../src/backends/loadBackend';
import { assets } from '../../../support/assets';

describe('wasm without computing', () => {
  it('makes results of the right shape and computes again afterwards, also when what it ran has thrown', async () => {
    const { withoutComputing } = await loadBackend('wasm', { assets });
    assert.ok(withoutComputing);
    const [a, b] = [ones([9, 9]), ones([9, 9])];
    const [image, filter] = [ones<Rank.R4>([2, 6, 6, 3]), ones<Rank.R4>([3, 3, 3, 4])];
    const { numTensors } = memory();
    await withoutComputing(() => {
      tidy(() => {
        assert.deepEqual(conv2d(image, filter, 1, 'same').shape, [2, 6, 6, 4]);
        // Small results are zeros.
        assert.deepEqual([...matMul(a.slice([0, 0], [2, 9]), b).dataSync().slice(0, 3)], [0, 0, 0]);
      });
      return Promise.resolve();
    });
    await assert.rejects(withoutComputing(() => Promise.reject(new Error('stop'))), /stop/);
    tidy(() => {
      assert.deepEqual([...new Set(matMul(a, b).dataSync())], [9]);
      assert.equal(conv2d(image, filter, 1, 'same').dataSync()[4 * 7], 27);
    });
    assert.equal(memory().numTensors, numTensors);
    for (const tensor of [a, b, image, filter]) tensor.dispose();
  });
});
