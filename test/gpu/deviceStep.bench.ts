import './onHardware';
import { dispose, slice, tensor1d, variable } from '@tensorflow/tfjs-core';
import { createDeviceOptimizer } from '../../src/optimizers/device/deviceOptimizer';
import { createOptimizer } from '../../src/optimizers/optimizer';
import { totalBytes } from '../../src/settings/stateBytes';
import { report } from '../support/benchReport';
import { quantile } from '../../src/bench/statistics';
import { normalVector } from '../unit/kernels/randomVector';
import { settingsOf } from '../unit/optimizers/variants';

const steps = 40;
const window = 32;
/** Dimensions to measure, which may be set to try the bench out where there is no GPU. */
const dimensions = (process.env['EFCP_GPU_DIMENSIONS'] ?? '1000000,10000000').split(',').map(Number);

describe('a step of S-MFAC on the device', () => {
  for (const dimension of dimensions) {
    it(`d = ${dimension}, window ${window}, density 1 %`, async function () {
      this.timeout(600_000);
      const settings = settingsOf({ optimizer: 'sparse-mfac', window, density: 0.01, blockSize: 16_384, damping: 1e-3 });
      // Every step reads another stretch, so that no two gradients are the same.
      const entries = normalVector(dimension + 64 * steps, 1);
      const onDevice = await deviceStepMs(dimension, entries, settings);
      const onHost = hostStepMs(dimension, entries, settings);
      report(`step on the host, d = ${dimension}`, onHost, 'ms');
      report(`step on the device, d = ${dimension}`, onDevice, 'ms');
      report(`host over device, d = ${dimension}`, onHost / onDevice, 'x', dimension >= 1e7 ? { atLeast: 1 } : undefined);
    });
  }
});

type Settings = ReturnType<typeof settingsOf>;

/** The median of the steps after the window has filled. */
async function deviceStepMs(dimension: number, entries: Float32Array, settings: Settings): Promise<number> {
  const [source, zeros] = [tensor1d(entries), tensor1d(new Float32Array(dimension))];
  const parameter = variable(zeros);
  const optimizer = createDeviceOptimizer(settings, [{ name: 'w', shape: [dimension] }]);
  const times: number[] = [];
  for (let step = 1; step <= steps; step++) {
    const gradient = slice(source, 64 * step, dimension);
    const begun = performance.now();
    await optimizer.update([gradient], [parameter], step);
    // One entry of the result, read back, says that the step is over.
    const first = slice(parameter, 0, 1);
    await first.data();
    times.push(performance.now() - begun);
    dispose([gradient, first]);
  }
  report(`state on the device, d = ${dimension}`, totalBytes(optimizer.stateBytes().device) / dimension, 'bytes per parameter');
  optimizer.dispose();
  dispose([source, zeros, parameter]);
  return quantile(times.slice(window), 0.5);
}

function hostStepMs(dimension: number, entries: Float32Array, settings: Settings): number {
  const parameters = [{ name: 'w', shape: [dimension], values: new Float32Array(dimension) }];
  const optimizer = createOptimizer(settings, parameters);
  const times: number[] = [];
  for (let step = 1; step <= steps; step++) {
    optimizer.gradient.set(entries.subarray(64 * step, 64 * step + dimension));
    const begun = performance.now();
    optimizer.update(optimizer.gradient, parameters, step);
    times.push(performance.now() - begun);
  }
  return quantile(times.slice(window), 0.5);
}
