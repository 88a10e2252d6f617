/**
 * State in tensors of the backend: gradients and parameters never leave it. What the updates do to the gradient cannot be seen
 * from here, so no step is measured.
 *
 * Bytes held: the state; from the backward pass to the end of the update the gradients, 4d. As workspace, while an update
 * lasts: the flat gradient 4d, and whatever the backend's operations make on the way. Parameters are replaced, so that for a
 * moment there are two of each.
 */
import { add, clone, dispose, keep, mul, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { DenseWeights } from '../gradients/denseWeights';
import type { Share } from '../gradients/gradientSource';
import type { Ledger } from '../memory/ledger';
import type { DeviceOptimizer } from '../optimizers/device/deviceOptimizer';
import type { LiveSettings } from '../settings/knobs';
import { addStateBytes, totalBytes, type StateBytes } from '../settings/stateBytes';
import type { Watch } from './diagnostics';
import type { Placement, Update, UpdateOptions } from './placement';

export class DevicePlacement implements Placement {
  readonly weights: DenseWeights;
  private gradients: Tensor[] = [];
  private readonly optimizer: DeviceOptimizer;

  /** `create` makes the optimizer on the current backend, its tensors under the eyes of the ledger. */
  constructor(create: () => DeviceOptimizer, makeWeights: () => DenseWeights, private readonly ledger: Ledger) {
    this.optimizer = ledger.scope('workspace', create);
    // Only now, since an optimizer may refuse.
    this.weights = makeWeights();
    this.fileState();
  }

  get buffers(): Placement['buffers'] {
    return this.weights.modelBuffers;
  }

  collect(parameter: number, gradient: Tensor, { weight, first }: Share): void {
    const before = this.gradients[parameter];
    this.gradients[parameter] = this.ledger.scope('gradients', () => keep(tidy(() => {
      const weighted = weight === 1 ? clone(gradient) : mul(gradient, weight);
      return first || before === undefined ? weighted : add(before, weighted);
    })));
    before?.dispose();
  }

  async update(step: number, { lossScale }: UpdateOptions): Promise<Update> {
    const { ledger, gradients, weights: { parameters } } = this;
    if (lossScale !== 1) throw new Error(`The loss was multiplied by ${lossScale}, but with placement "device" the gradients cannot be looked at. Set lossScaling to "off", or placement to "host".`);
    try {
      const next = await ledger.during('workspace', () => this.optimizer.update(gradients, parameters, step));
      next.forEach((parameter, index) => {
        ledger.claim(parameter, 'parameters');
        parameters[index]?.dispose();
        parameters[index] = parameter;
      });
      this.fileState();
      if (ledger.isRecording) for (const [name, tensor] of this.named()) ledger.name(tensor, { name });
    } finally {
      this.gradients = [];
      dispose(gradients);
    }
    return {};
  }

  watch(): Watch | undefined {
    return undefined;
  }

  async change(settings: Partial<LiveSettings>): Promise<void> {
    await this.ledger.during('workspace', () => this.optimizer.change(settings));
    this.fileState();
  }

  stateBytes(): StateBytes {
    const { device, host } = this.optimizer.stateBytes();
    return addStateBytes(device, host);
  }

  *named(): Generator<readonly [string, Tensor]> {
    yield* this.weights.named();
    for (const tensor of this.optimizer.tensors()) yield ['optimizer state', tensor];
  }

  dispose(): void {
    dispose(this.gradients);
    this.weights.dispose();
    this.optimizer.dispose();
    this.ledger.hold('optimizerState', 0);
  }

  /** What a step or a change has made and kept is state. */
  private fileState(): void {
    const { ledger, optimizer } = this;
    for (const tensor of optimizer.tensors()) ledger.claim(tensor, 'optimizerState');
    ledger.hold('optimizerState', totalBytes(optimizer.stateBytes().host));
  }
}
