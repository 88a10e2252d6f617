/**
 * The backends that every law of the device placement is checked on: cpu and wasm here, and webgpu, whose driver can bring a
 * process down, in a process of its own that runs the same tests (see webgpu.test.ts).
 */
import { engine, type Tensor } from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { loadBackend } from '../../../src/backends/loadBackend';
import { registerDeviceKernels } from '../../../src/kernels/device/registerDeviceKernels';
import { assets } from '../../support/assets';
import { startWebgpu } from '../../support/softwareWebgpu';
import { webgpuMark } from '../../support/webgpuMark';

type BackendName = 'cpu' | 'wasm' | 'webgpu';

const names: readonly BackendName[] = process.env[webgpuMark] === undefined ? ['cpu', 'wasm'] : ['webgpu'];

export function onEachBackend(title: string, body: (backend: BackendName) => void): void {
  for (const name of names) {
    describe(`${title} on ${name}`, () => {
      before(async function () {
        this.timeout(120_000);
        await start(name);
        registerDeviceKernels(name);
      });
      body(name);
    });
  }
}

async function start(name: BackendName): Promise<void> {
  if (name !== 'webgpu') await loadBackend(name, { assets });
  else if (engine().backendName !== 'webgpu') await startWebgpu();
}

/** Numbers of a tensor, which is disposed of. */
export async function take(tensor: Tensor): Promise<Float32Array> {
  const values = await tensor.data<'float32'>();
  tensor.dispose();
  return values;
}

/** Fails where `body` leaves tensors behind. */
export async function leavingNothing<Result>(body: () => Promise<Result>): Promise<Result> {
  const { numTensors, numDataBuffers } = engine().memory();
  const result = await body();
  assert.deepEqual({ tensors: engine().memory().numTensors, buffers: engine().memory().numDataBuffers }, { tensors: numTensors, buffers: numDataBuffers });
  return result;
}
