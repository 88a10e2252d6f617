/**
 * State on the host: gradients pass through a flat vector there, and the optimizer rewrites the parameters in place where the
 * backend's memory can be reached.
 *
 * Bytes held: the flat gradient 4d, and the state. As workspace, while an update lasts: 4d more without direct memory, and 4d
 * more where it is watched.
 */
import { fill, type Tensor } from '@tensorflow/tfjs-core';
import type { Backend } from '../backends/backend';
import type { Ledger } from '../memory/ledger';
import { sizeOf, type ParameterSpecification } from '../models/model';
import type { Optimizer, UpdateObserver } from '../optimizers/optimizer';
import type { SavedState } from '../optimizers/savedState';
import type { StateTree } from '../optimizers/stateTree';
import type { ParameterView } from '../optimizers/transformation';
import type { DiagnosticsSample } from '../protocol/diagnostics';
import type { LiveSettings, Settings } from '../settings/knobs';
import { totalBytes, type StateBytes } from '../settings/stateBytes';
import { Diagnostics, type Watch } from './diagnostics';
import { parameterTensor } from './parameterTensor';
import type { Placement, Saving } from './placement';

export class HostPlacement implements Placement, Saving {
  readonly saving: Saving = this;
  private readonly offsets: readonly number[];
  private readonly diagnostics: Diagnostics;
  /** Bytes of copies on the host. */
  private copiedBytes = 0;

  constructor(
    readonly optimizer: Optimizer, private readonly specifications: readonly ParameterSpecification[],
    private readonly backend: Backend, private readonly ledger: Ledger,
  ) {
    let dimension = 0;
    this.offsets = specifications.map(({ shape }) => (dimension += sizeOf(shape)) - sizeOf(shape));
    this.diagnostics = new Diagnostics(optimizer);
    ledger.hold('gradients', optimizer.gradient.byteLength);
    this.weighState();
  }

  collect(parameter: number, gradient: Tensor): void {
    const values = this.backend.memory?.view(gradient) ?? gradient.dataSync<'float32'>();
    this.optimizer.gradient.set(values, this.offsets[parameter]);
  }

  update(parameters: Tensor[], step: number, watch?: Watch): Promise<DiagnosticsSample | undefined> {
    if (watch !== undefined) return Promise.resolve(this.watchedUpdate(parameters, step, watch));
    this.rewrite(parameters, step);
    return Promise.resolve(undefined);
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

  get state(): StateTree {
    return this.optimizer.state;
  }

  async lend<Result>(parameters: readonly Tensor[], use: (views: readonly ParameterView[]) => Promise<Result>): Promise<Result> {
    const { memory } = this.backend;
    const copied = memory === undefined ? this.optimizer.gradient.byteLength : 0;
    this.holdMore(copied);
    try {
      return await use(this.views(parameters, tensor => memory?.view(tensor) ?? tensor.dataSync<'float32'>()));
    } finally {
      this.holdMore(-copied);
    }
  }

  restore(saved: SavedState): void {
    this.optimizer.restore(saved);
  }

  dispose(): void {
    for (const category of ['gradients', 'optimizerState', 'workspace'] as const) this.ledger.hold(category, 0);
  }

  private weighState(): void {
    this.ledger.hold('optimizerState', totalBytes(this.stateBytes()));
  }

  private holdMore(bytes: number): void {
    this.copiedBytes += bytes;
    this.ledger.hold('workspace', this.copiedBytes);
  }

  private rewrite(parameters: Tensor[], step: number, observe?: UpdateObserver): void {
    const { memory } = this.backend;
    if (memory === undefined) {
      this.rewriteCopies(parameters, step, observe);
      return;
    }
    this.optimizer.update(this.optimizer.gradient, this.views(parameters, tensor => memory.view(tensor)), step, observe);
    for (const parameter of parameters) memory.written(parameter);
  }

  private rewriteCopies(parameters: Tensor[], step: number, observe?: UpdateObserver): void {
    const { gradient } = this.optimizer;
    this.holdMore(gradient.byteLength);
    const views = this.views(parameters, tensor => tensor.dataSync<'float32'>());
    this.optimizer.update(gradient, views, step, observe);
    views.forEach(({ values, shape }, index) => {
      parameters[index]?.dispose();
      parameters[index] = parameterTensor(this.ledger, values, shape);
    });
    this.holdMore(-gradient.byteLength);
  }

  /** The copy lies in the backend's memory where that can be reached: the activations have just left as much room there. */
  private watchedUpdate(parameters: Tensor[], step: number, watch: Watch): DiagnosticsSample {
    const { memory } = this.backend;
    const { gradient } = this.optimizer;
    const update = (observe: UpdateObserver) => this.rewrite(parameters, step, observe);
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

  private views(parameters: readonly Tensor[], read: (tensor: Tensor) => Float32Array): ParameterView[] {
    return this.specifications.map(({ name, shape }, index) => ({ name, shape, values: read(parameters[index] as Tensor) }));
  }
}
