/**
 * One training step, and the only owner of tensor lifetimes: parameters live here, gradients pass through a flat vector
 * on the host, and the optimizer rewrites the parameters in place where the backend's memory can be reached.
 *
 * Bytes held: parameters 4d, the flat gradient 4d. As workspace, while an update lasts: 4d more without direct memory, and 4d
 * more where it is watched.
 */
import { fill, keep, tensor, type Tensor } from '@tensorflow/tfjs-core';
import type { Backend } from '../backends/backend';
import { evaluate } from '../gradients/evaluate';
import type { Batch, Evaluation, GradientSource } from '../gradients/gradientSource';
import type { Ledger } from '../memory/ledger';
import { initialValues } from '../models/initialize';
import { parametersOf, sizeOf, type Model, type ParameterSpecification } from '../models/model';
import type { Optimizer, UpdateObserver } from '../optimizers/optimizer';
import type { ParameterView } from '../optimizers/transformation';
import type { DiagnosticsSample } from '../protocol/diagnostics';
import { totalBytes } from '../settings/stateBytes';
import type { Watch } from './diagnostics';

export type StepResult = Evaluation & { readonly examples: number; /** Of a step that was watched. */ readonly diagnostics?: DiagnosticsSample };

export class Stepper {
  private readonly specifications: readonly ParameterSpecification[];
  private readonly parameters: Tensor[];
  private readonly offsets: readonly number[];
  /** Bytes of copies on the host. */
  private copiedBytes = 0;

  constructor(
    private readonly model: Model, private readonly backend: Backend, private readonly ledger: Ledger,
    private readonly source: GradientSource, private readonly optimizer: Optimizer, seed: number,
  ) {
    this.specifications = parametersOf(model);
    this.parameters = initialValues(this.specifications, seed).map((values, index) => this.makeParameter(index, values));
    let dimension = 0;
    this.offsets = this.specifications.map(({ shape }) => (dimension += sizeOf(shape)) - sizeOf(shape));
    ledger.hold('gradients', optimizer.gradient.byteLength);
    this.weighState();
  }

  /** Forward, backward and update; `step` counts from 1. A loss that is not finite leaves parameters and state untouched. */
  run(makeBatch: () => Batch, step: number, watch?: Watch): StepResult {
    const { ledger } = this;
    const batch = ledger.scope('data', makeBatch);
    const examples = batch.labels.size;
    try {
      const evaluation = this.source(this.model, this.parameters, batch, (parameter, gradient) => { this.collect(parameter, gradient); });
      if (!Number.isFinite(evaluation.loss)) return { ...evaluation, examples };
      ledger.enter('update');
      if (watch !== undefined) return { ...evaluation, examples, diagnostics: this.watchedUpdate(step, watch) };
      this.update(step);
      return { ...evaluation, examples };
    } finally {
      batch.inputs.dispose();
      batch.labels.dispose();
    }
  }

  /** Loss and hits of one batch, without training on it. */
  evaluate(makeBatch: () => Batch): Evaluation & { examples: number } {
    this.ledger.enter('validation');
    const batch = this.ledger.scope('data', makeBatch);
    try {
      return { ...evaluate(this.ledger, this.model, this.parameters, batch), examples: batch.labels.size };
    } finally {
      batch.inputs.dispose();
      batch.labels.dispose();
    }
  }

  /** Must follow every change of the optimizer's state. */
  weighState(): void {
    this.ledger.hold('optimizerState', totalBytes(this.optimizer.stateBytes()));
  }

  /** Lets `use` read the parameters where they lie; until its promise settles no tensor may be made. */
  async lendParameters<Result>(use: (parameters: readonly ParameterView[]) => Promise<Result>): Promise<Result> {
    const { memory } = this.backend;
    const copied = memory === undefined ? this.optimizer.gradient.byteLength : 0;
    this.holdMore(copied);
    try {
      return await use(this.views(tensor => memory?.view(tensor) ?? tensor.dataSync<'float32'>()));
    } finally {
      this.holdMore(-copied);
    }
  }

  /** Puts other values in place of all parameters, in order. */
  restoreParameters(values: readonly Float32Array[]): void {
    values.forEach((restored, index) => {
      this.parameters[index]?.dispose();
      this.parameters[index] = this.makeParameter(index, restored);
    });
  }

  dispose(): void {
    for (const parameter of this.parameters) parameter.dispose();
    for (const category of ['gradients', 'optimizerState', 'workspace'] as const) this.ledger.hold(category, 0);
  }

  private holdMore(bytes: number): void {
    this.copiedBytes += bytes;
    this.ledger.hold('workspace', this.copiedBytes);
  }

  private collect(parameter: number, gradient: Tensor): void {
    const values = this.backend.memory?.view(gradient) ?? gradient.dataSync<'float32'>();
    this.optimizer.gradient.set(values, this.offsets[parameter]);
  }

  private update(step: number, observe?: UpdateObserver): void {
    const { memory } = this.backend;
    if (memory === undefined) {
      this.updateCopies(step, observe);
      return;
    }
    this.optimizer.update(this.optimizer.gradient, this.views(tensor => memory.view(tensor)), step, observe);
    for (const parameter of this.parameters) memory.written(parameter);
  }

  private updateCopies(step: number, observe?: UpdateObserver): void {
    const { gradient } = this.optimizer;
    this.holdMore(gradient.byteLength);
    const views = this.views(tensor => tensor.dataSync<'float32'>());
    this.optimizer.update(gradient, views, step, observe);
    views.forEach(({ values }, index) => {
      this.parameters[index]?.dispose();
      this.parameters[index] = this.makeParameter(index, values);
    });
    this.holdMore(-gradient.byteLength);
  }

  /** The copy lies in the backend's memory where that can be reached: the activations have just left as much room there. */
  private watchedUpdate(step: number, watch: Watch): DiagnosticsSample {
    const { memory } = this.backend;
    const { gradient } = this.optimizer;
    const update = (observe: UpdateObserver) => this.update(step, observe);
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

  private views(read: (tensor: Tensor) => Float32Array): ParameterView[] {
    return this.specifications.map(({ name, shape }, index) => ({ name, shape, values: read(this.parameters[index] as Tensor) }));
  }

  private makeParameter(index: number, values: Float32Array): Tensor {
    const shape = [...this.specifications[index]?.shape ?? []];
    return this.ledger.scope('parameters', () => keep(tensor(values, shape, 'float32')));
  }
}
