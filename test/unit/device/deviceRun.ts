/** Steps of an optimizer on the device beside the same steps on the host. */
import { dispose, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { createDeviceOptimizer, type DeviceOptimizer } from '../../../src/optimizers/device/deviceOptimizer';
import { createOptimizer, type Optimizer } from '../../../src/optimizers/optimizer';
import type { ParameterView } from '../../../src/optimizers/transformation';
import type { Settings } from '../../../src/settings/knobs';
import { normalVector } from '../kernels/randomVector';
import { flat, settingsOf, twoTensors } from '../optimizers/variants';

export class DeviceRun {
  readonly optimizer: DeviceOptimizer;
  readonly host: Optimizer;
  readonly onHost: ParameterView[];
  parameters: Tensor[];

  constructor(variant: Partial<Settings>, readonly dimension: number, totalSteps?: number) {
    const options = totalSteps === undefined ? {} : { totalSteps };
    this.onHost = twoTensors(dimension);
    this.host = createOptimizer(settingsOf(variant), this.onHost, options);
    this.optimizer = createDeviceOptimizer(settingsOf(variant), this.onHost, options);
    this.parameters = this.onHost.map(({ values, shape }) => tensor(values.slice(), [...shape], 'float32'));
  }

  /** One step on each, on the same gradient. */
  async step(step: number, gradient = normalVector(this.dimension, 1000 + step)): Promise<void> {
    this.host.update(gradient.slice(), this.onHost, step);
    await this.deviceStep(step, gradient);
  }

  /** A step on the device alone. */
  async deviceStep(step: number, gradient: Float32Array): Promise<void> {
    let start = 0;
    const gradients = this.onHost.map(({ values, shape }) => tensor(gradient.slice(start, start += values.length), [...shape], 'float32'));
    try {
      const next = await this.optimizer.update(gradients, this.parameters, step);
      dispose(this.parameters);
      this.parameters = next;
    } finally {
      dispose(gradients);
    }
  }

  /** The parameters on the device. */
  async values(): Promise<Float32Array> {
    const parts = await Promise.all(this.parameters.map(parameter => parameter.data<'float32'>()));
    return Float32Array.from(parts.flatMap(part => [...part]));
  }

  hostValues(): Float32Array {
    return flat(this.onHost);
  }

  dispose(): void {
    dispose(this.parameters);
    this.optimizer.dispose();
  }
}
