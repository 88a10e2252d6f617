/**
 * State on the host: gradients pass through a flat vector there, and the optimizer rewrites the parameters in place where the
 * backend's memory can be reached.
 *
 * Bytes held: the flat gradient 4d, and the state. As workspace, while an update lasts: 4d more without direct memory, and 4d
 * more where it is watched. Where values can only be awaited, gradients and then parameters pass through buffers of the device
 * that the host can read: 4d more until the first have arrived, and 4d more until the second have.
 */
import { fill, type Tensor } from '@tensorflow/tfjs-core';
import type { Backend } from '../backends/backend';
import type { DenseWeights } from '../gradients/denseWeights';
import type { Share } from '../gradients/gradientSource';
import type { Ledger } from '../memory/ledger';
import { sizeOf, type ParameterSpecification } from '../models/model';
import { NonFiniteGradientError } from '../optimizers/nonFiniteGradient';
import type { Optimizer, UpdateObserver } from '../optimizers/optimizer';
import type { SavedState } from '../optimizers/savedState';
import type { StateTree } from '../optimizers/stateTree';
import type { ParameterView } from '../optimizers/transformation';
import type { DiagnosticsSample } from '../protocol/diagnostics';
import type { LiveSettings, Settings } from '../settings/knobs';
import { totalBytes, type StateBytes } from '../settings/stateBytes';
import { Diagnostics, type Watch } from './diagnostics';
import type { Placement, Saving, Update, UpdateOptions } from './placement';

export class HostPlacement implements Placement, Saving {
  readonly saving: Saving = this;
  private readonly offsets: readonly number[];
  private readonly diagnostics: Diagnostics;
  /** Bytes of copies, on the host and on their way there. */
  private copiedBytes = 0;
  /** Gradients of the step under way that have been asked of a device. */
  private arrivals: Promise<void>[] = [];

  constructor(
    readonly optimizer: Optimizer, readonly weights: DenseWeights, private readonly specifications: readonly ParameterSpecification[],
    private readonly backend: Backend, private readonly ledger: Ledger,
  ) {
    let dimension = 0;
    this.offsets = specifications.map(({ shape }) => (dimension += sizeOf(shape)) - sizeOf(shape));
    this.diagnostics = new Diagnostics(optimizer);
    ledger.hold('gradients', optimizer.gradient.byteLength);
    this.weighState();
  }

  get buffers(): Placement['buffers'] {
    return this.weights.modelBuffers;
  }

  collect(parameter: number, gradient: Tensor, share: Share): void {
    const { backend: { memory, read } } = this;
    if (read === undefined) {
      this.accumulate(parameter, memory?.view(gradient) ?? gradient.dataSync<'float32'>(), share);
      return;
    }
    // The copy is under way when this returns, and the gradient dies.
    const bytes = 4 * gradient.size;
    this.holdMore(bytes);
    const before = this.arrivals.at(-1);
    const arrival = read(gradient).then(async values => {
      // In the order in which they were collected, so that sums are the same every time.
      await before;
      this.accumulate(parameter, values, share);
    }).finally(() => { this.holdMore(-bytes); });
    // A step that breaks off before its update leaves nobody to wait.
    arrival.catch(() => undefined);
    this.arrivals.push(arrival);
  }

  async arrived(): Promise<void> {
    const { arrivals } = this;
    this.arrivals = [];
    if (arrivals.length > 0) await Promise.all(arrivals);
  }

  async update(step: number, { watch, lossScale }: UpdateOptions): Promise<Update> {
    const { optimizer, weights: { parameters }, backend: { memory } } = this;
    await this.arrived();
    if (lossScale !== 1) unscale(optimizer.gradient, lossScale);
    try {
      const diagnostics = memory !== undefined ? this.observed(watch, observe => {
        optimizer.update(optimizer.gradient, this.views(parameters.map(parameter => memory.view(parameter))), step, observe);
        for (const parameter of parameters) memory.written(parameter);
      }) : await this.withCopies(views => Promise.resolve(this.observed(watch, observe => {
        optimizer.update(optimizer.gradient, views, step, observe);
        views.forEach(({ values }, index) => { this.weights.replaceParameter(index, values); });
      })));
      return diagnostics === undefined ? {} : { diagnostics };
    } catch (error) {
      if (error instanceof NonFiniteGradientError && lossScale > 1) return { skipped: true };
      throw error;
    }
  }

  watch(settings: Settings): Watch | undefined {
    return this.diagnostics.watch(settings);
  }

  change(settings: Partial<LiveSettings>): Promise<void> {
    this.optimizer.change(settings);
    this.weighState();
    return Promise.resolve();
  }

  stateBytes(): StateBytes {
    return this.optimizer.stateBytes();
  }

  named(): Iterable<readonly [string, Tensor]> {
    return this.weights.named();
  }

  get state(): StateTree {
    return this.optimizer.state;
  }

  lend<Result>(use: (views: readonly ParameterView[]) => Promise<Result>): Promise<Result> {
    const { backend: { memory }, weights: { parameters } } = this;
    return memory === undefined ? this.withCopies(use) : use(this.views(parameters.map(parameter => memory.view(parameter))));
  }

  restore(saved: SavedState, parameters: readonly Float32Array[], buffers: readonly Float32Array[]): void {
    this.optimizer.restore(saved);
    parameters.forEach((values, index) => { this.weights.replaceParameter(index, values); });
    this.weights.modelBuffers.restore(buffers);
  }

  dispose(): void {
    this.weights.dispose();
    for (const category of ['gradients', 'optimizerState', 'workspace'] as const) this.ledger.hold(category, 0);
  }

  private weighState(): void {
    this.ledger.hold('optimizerState', totalBytes(this.stateBytes()));
  }

  /** Adds a slice's gradient to what there is of this step. */
  private accumulate(parameter: number, values: Float32Array, { weight, first }: Share): void {
    const { optimizer: { gradient }, offsets } = this;
    const start = offsets[parameter] ?? 0;
    if (first && weight === 1) gradient.set(values, start);
    else if (first) for (let at = 0; at < values.length; at++) gradient[start + at] = weight * (values[at] ?? 0);
    else for (let at = 0; at < values.length; at++) gradient[start + at] = (gradient[start + at] ?? 0) + weight * (values[at] ?? 0);
  }

  private holdMore(bytes: number): void {
    this.copiedBytes += bytes;
    this.ledger.hold('workspace', this.copiedBytes);
  }

  /** Copies of the parameters; on their way from a device they lie twice. */
  private async withCopies<Result>(use: (views: readonly ParameterView[]) => Promise<Result>): Promise<Result> {
    const { backend: { read }, weights: { parameters }, optimizer: { gradient: { byteLength } } } = this;
    return this.holding(byteLength, async () => {
      const copies = read === undefined ? parameters.map(parameter => parameter.dataSync<'float32'>()) : await this.holding(byteLength, () => Promise.all(parameters.map(read)));
      return use(this.views(copies));
    });
  }

  private async holding<Result>(bytes: number, body: () => Promise<Result>): Promise<Result> {
    this.holdMore(bytes);
    try {
      return await body();
    } finally {
      this.holdMore(-bytes);
    }
  }

  /** The copy lies in the backend's memory where that can be reached: the activations have just left as much room there. */
  private observed(watch: Watch | undefined, update: (observe?: UpdateObserver) => void): DiagnosticsSample | undefined {
    const { backend: { memory }, optimizer: { gradient } } = this;
    if (watch === undefined) {
      update();
      return undefined;
    }
    if (memory !== undefined) {
      const copy = this.ledger.scope('workspace', () => fill([gradient.length], 0));
      try {
        return watch(() => {
          const values = memory.view(copy);
          values.set(gradient);
          return values;
        }, update);
      } finally {
        copy.dispose();
      }
    }
    this.holdMore(gradient.byteLength);
    try {
      return watch(() => gradient.slice(), update);
    } finally {
      this.holdMore(-gradient.byteLength);
    }
  }

  private views(values: readonly Float32Array[]): ParameterView[] {
    return this.specifications.map(({ name, shape }, index) => ({ name, shape, values: values[index] as Float32Array }));
  }
}

function unscale(gradient: Float32Array, lossScale: number): void {
  for (let at = 0; at < gradient.length; at++) gradient[at] = (gradient[at] ?? 0) / lossScale;
}
