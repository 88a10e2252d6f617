import { memory, ones, reshape, tidy } from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { loadBackend } from '../../../src/backends/loadBackend';
import { watchHeap } from '../../../src/backends/wasm/watchHeap';
import { HeldMeter } from '../../../src/memory/heldMeter';
import { heldLabels, heldNames } from '../../../src/protocol/heldBytes';
import { runEvent } from '../../../src/protocol/runEvents';
import { assets } from '../../support/assets';
import { collectRun, ofType } from '../../support/collectRun';
import { Mailbox } from '../../../src/trainer/mailbox';
import { sample } from '../host/recorded';

describe('what is held beside the exact count', () => {
  it('has a label for every figure, and no two alike', () => {
    assert.equal(new Set(Object.values(heldLabels)).size, heldNames.length);
  });

  it('is read from recordings of before there was such a set', () => {
    const { held, ...memory } = sample(1, 1).memory;
    assert.deepEqual(held, {});
    const read = (more: object) => {
      const event = runEvent.parse({ ...sample(1, 1), memory: { ...memory, ...more } });
      assert.ok(event.type === 'sample');
      return event.memory;
    };
    assert.deepEqual(read({ residentBytes: 5, heapBytes: 3 }).held, { process: 5, wasmHeap: 3 });
    assert.deepEqual(read({ residentBytes: 5 }).held, { process: 5 });
    assert.deepEqual(read({}).held, {});
    assert.deepEqual(read({ held: { process: 5, gpuProcess: 7 } }).held, { process: 5, gpuProcess: 7 });
    assert.equal('residentBytes' in read({ residentBytes: 5 }), false);
  });

  it('leaves out what a newer version measures and this one does not know', () => {
    const event = runEvent.parse({ ...sample(1, 1), memory: { ...sample(1, 1).memory, held: { process: 5, discs: 1 } } });
    assert.ok(event.type === 'sample');
    assert.deepEqual(event.memory.held, { process: 5 });
  });

  it('refuses what is no count of bytes', () => {
    assert.equal(runEvent.safeParse({ ...sample(1, 1), memory: { ...sample(1, 1).memory, held: { process: -1 } } }).success, false);
  });

  it('is the process alone on a backend that counts nothing', () => {
    const held = new HeldMeter({}).read();
    assert.deepEqual(Object.keys(held), ['process']);
    assert.ok(held.process! > 0);
  });

  it('adds what the backend counts', () => {
    assert.deepEqual(Object.keys(new HeldMeter({ held: () => ({ wasmHeap: 1, wasmTensors: 1 }) }).read()), ['process', 'wasmHeap', 'wasmTensors']);
  });

  it('counts the tensors in the wasm heap to the byte', async () => {
    const { held } = await loadBackend('wasm', { assets });
    const before = held!();
    const { numTensors } = memory();
    tidy(() => {
      const tensor = ones([1000]);
      assert.equal(held!().wasmTensors, before.wasmTensors! + 4000);
      reshape(tensor, [10, 100]);
      assert.equal(held!().wasmTensors, before.wasmTensors! + 4000, 'a reshape shares the buffer');
      assert.ok(held!().wasmHeap! >= held!().wasmTensors!);
    });
    assert.equal(memory().numTensors, numTensors);
    assert.equal(held!().wasmTensors, before.wasmTensors);
  });

  it('counts an address beyond 2 GiB, and no refused request', () => {
    const heap = { next: 16, HEAPU8: new Uint8Array(8), _malloc(): number { return this.next; }, _free: () => undefined };
    const held = watchHeap(heap);
    heap.next = -16;
    assert.equal((heap as unknown as { _malloc(bytes: number): number })._malloc(100), -16);
    assert.equal(held().wasmTensors, 100);
    (heap as unknown as { _free(address: number): void })._free(2 ** 32 - 16);
    heap.next = 0;
    assert.throws(() => (heap as unknown as { _malloc(bytes: number): number })._malloc(100), /no room for a tensor of 100 more/);
    assert.deepEqual(held(), { wasmHeap: 8, wasmTensors: 0 });
  });

  it('comes with every sample of a run', async () => {
    const mailbox = new Mailbox();
    const events = await collectRun({}, mailbox, event => { if (event.type === 'sample' && event.step === 2) mailbox.post({ type: 'stop' }); });
    for (const { memory: { held, liveBytes } } of ofType(events, 'sample')) {
      assert.deepEqual(Object.keys(held).sort(), ['process', 'wasmHeap', 'wasmTensors']);
      assert.ok(held.wasmTensors! >= liveBytes.parameters, 'the parameters lie there');
      assert.ok(held.wasmHeap! >= held.wasmTensors! && held.process! >= held.wasmHeap! - held.wasmTensors!);
    }
  });
});
