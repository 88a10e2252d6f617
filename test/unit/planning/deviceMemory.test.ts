import assert from 'node:assert/strict';
import type { Gpu } from '../../../src/backends/gpus';
import { deviceMemory } from '../../../src/planning/deviceMemory';

const card: Gpu = { index: 0, uuid: 'GPU-1', name: 'Card', computeCapability: '9.0', memoryBytes: 8 * 2 ** 30, driver: '1' };
const machine = (gibibytes: number, ...gpus: Gpu[]) => ({ gpus: () => Promise.resolve(gpus), totalBytes: () => gibibytes * 2 ** 30 });

describe('the memory that there is for a run', () => {
  it('is the heap of wasm where the machine has more, and else three quarters of the machine\'s', async () => {
    assert.deepEqual(await deviceMemory('wasm', machine(16, card)), { bytes: 2 ** 32, what: 'the heap of the wasm backend' });
    assert.deepEqual(await deviceMemory('wasm', machine(4)), { bytes: 3 * 2 ** 30, what: '75 % of this machine\'s memory' });
  });

  it('is a GPU\'s where the driver lists one, and the machine\'s where it does not, or the processor computes', async () => {
    assert.deepEqual(await deviceMemory('tensorflow', machine(16, card)), { bytes: 8 * 2 ** 30, what: 'the memory of Card' });
    assert.deepEqual(await deviceMemory('tensorflow', machine(16)), { bytes: 12 * 2 ** 30, what: '75 % of this machine\'s memory' });
    assert.equal((await deviceMemory('cpu', machine(16, card))).bytes, 12 * 2 ** 30);
  });
});
