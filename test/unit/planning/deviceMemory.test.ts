import assert from 'node:assert/strict';
import type { Gpu } from '../../../src/backends/gpus';
import { deviceMemory } from '../../../src/planning/deviceMemory';
import { InputError } from '../../../src/settings/problem';

const card: Gpu = { index: 0, uuid: 'GPU-1', name: 'Card', computeCapability: '9.0', memoryBytes: 8 * 2 ** 30, driver: '1' };
const machine = (gibibytes: number, ...gpus: Gpu[]) => ({ gpus: () => Promise.resolve(gpus), totalBytes: () => gibibytes * 2 ** 30 });
const share = '75 % of this machine\'s memory';

describe('the memory that there is for a run', () => {
  it('is the heap of wasm where the machine has more, and else three quarters of the machine\'s', async () => {
    assert.deepEqual(await deviceMemory({ backend: 'wasm' }, machine(16, card)), { bytes: 2 ** 32, what: 'all that the heap of the wasm backend can grow to' });
    assert.deepEqual(await deviceMemory({ backend: 'wasm' }, machine(4)), { bytes: 3 * 2 ** 30, what: share });
  });

  it('is the machine\'s where the processor computes, whatever cards there are', async () => {
    for (const backend of ['cpu', 'tensorflow']) assert.deepEqual(await deviceMemory({ backend }, machine(16, card)), { bytes: 12 * 2 ** 30, what: share });
  });

  it('is that of the GPU that computes, as its driver says', async () => {
    const other: Gpu = { ...card, index: 1, name: 'Other', memoryBytes: 2 ** 30 };
    assert.deepEqual(await deviceMemory({ backend: 'tensorflow', device: 'Other' }, machine(16, card, other)), { bytes: 2 ** 30, what: 'the memory of Other' });
    assert.equal((await deviceMemory({ backend: 'webgpu', device: 'nvidia (ada)' }, machine(16, card))).bytes, card.memoryBytes);
  });

  it('is not made up where nobody says: the error names the device and what to give instead', async () => {
    for (const gpus of [[], [card]]) {
      await assert.rejects(deviceMemory({ backend: 'webgpu', device: 'Adapter of somebody' }, machine(16, ...gpus)), (error: unknown) => error instanceof InputError
        && error.problems[0]?.field === 'budget' && /budget is "device", but how much memory Adapter of somebody has .* Give a size instead, such as 8GB, or set backend to "wasm"/.test(error.message));
    }
  });
});
