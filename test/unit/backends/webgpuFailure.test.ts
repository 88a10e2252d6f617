import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { tooLarge, watchDevice, type WatchedDevice } from '../../../src/backends/webgpuFailure';

class GPUOutOfMemoryError { constructor(readonly message: string) {} }
class GPUValidationError { constructor(readonly message: string) {} }

/** A device that fails when it is told to. */
function brittleDevice() {
  let tell: Parameters<WatchedDevice['addEventListener']>[1] = () => undefined;
  let lose: (loss: { reason: string; message: string }) => void = () => undefined;
  let printed = 0;
  const device: WatchedDevice = { lost: new Promise(resolve => { lose = resolve; }), addEventListener: (_, listener) => { tell = listener; } };
  const fail = (error: { message: string }) => {
    printed++;
    tell({ error, preventDefault: () => { printed--; } });
  };
  return { failed: watchDevice(device, { description: 'A GPU' }), fail, lose, printed: () => printed };
}

describe('failures of a webgpu device', () => {
  it('are none until there is one', () => {
    assert.equal(brittleDevice().failed(), undefined);
  });

  for (const [what, error, message] of [
    ['too little memory', new GPUOutOfMemoryError('Out of memory: allocating 4 GiB'), /^The GPU \(A GPU\) has no memory left: Out of memory: allocating 4 GiB\. Lower batchSize.*resumed.*wasm/],
    ['a refused operation', new GPUValidationError('Buffer size exceeds the limit.\n - While calling it'), /^The GPU \(A GPU\) refused an operation: Buffer size exceeds the limit\. What follows would be wrong numbers/],
  ] as const) {
    it(`name ${what} and the remedy, and are not printed as well`, () => {
      const { failed, fail, printed } = brittleDevice();
      fail(error);
      assert.match(failed()?.message ?? '', message);
      assert.equal(printed(), 0);
    });
  }

  it('name the loss of the device, with what the driver said', async () => {
    const { failed, lose } = brittleDevice();
    lose({ reason: 'unknown', message: 'vkQueueSubmit failed with VK_ERROR_DEVICE_LOST' });
    await setImmediate();
    assert.match(failed()?.message ?? '', /was lost \(unknown: vkQueueSubmit failed with VK_ERROR_DEVICE_LOST\.\).*last checkpoint/);
  });

  it('are told by the first of them: the rest follows from it', async () => {
    const { failed, fail, lose } = brittleDevice();
    fail(new GPUOutOfMemoryError('full'));
    fail(new GPUValidationError('invalid'));
    lose({ reason: 'destroyed', message: '' });
    await setImmediate();
    assert.match(failed()?.message ?? '', /no memory left: full\./);
  });

  it('say how large a tensor may be', () => {
    assert.match(tooLarge(200, 100, { description: 'A GPU' }).message, /200 bytes does not fit the GPU \(A GPU\), which takes at most 100 bytes in one\. Lower batchSize/);
  });
});
