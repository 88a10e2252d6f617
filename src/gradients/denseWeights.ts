/**
 * Parameters as dense float32 tensors of the backend, lent as they are, and the model's buffers.
 * Bytes held: 4d as parameters, and the buffers.
 */
import { dispose, keep, tensor, type Tensor } from '@tensorflow/tfjs-core';
import type { Ledger } from '../memory/ledger';
import { initialValues } from '../models/initialize';
import type { Model } from '../models/model';
import { ModelBuffers } from './modelBuffers';
import type { Weights } from './weights';

export class DenseWeights implements Weights {
  /** By parameter; whoever updates them rewrites their memory, or puts others in their place. */
  readonly parameters: Tensor[];
  readonly modelBuffers: ModelBuffers;

  constructor(private readonly ledger: Ledger, private readonly model: Pick<Model, 'parameters' | 'buffers'>, seed: number) {
    this.parameters = initialValues(model.parameters, seed).map((values, index) => this.made(values, model.parameters[index]?.shape ?? []));
    this.modelBuffers = new ModelBuffers(ledger, model.buffers);
  }

  get buffers(): readonly Tensor[] {
    return this.modelBuffers.tensors;
  }

  lend<Result>(parameters: readonly number[], use: (tensors: readonly Tensor[]) => Result): Result {
    return use(parameters.map(parameter => this.parameters[parameter] as Tensor));
  }

  replaceBuffers(places: readonly number[], tensors: readonly Tensor[]): void {
    this.modelBuffers.replace(places, tensors);
  }

  /** Puts a tensor of these values in the place of a parameter. */
  replaceParameter(parameter: number, values: Float32Array): void {
    const before = this.parameters[parameter] as Tensor;
    before.dispose();
    this.parameters[parameter] = this.made(values, before.shape);
  }

  /** What there is, by name. */
  *named(): Generator<readonly [string, Tensor]> {
    for (const [place, { name }] of this.model.parameters.entries()) yield [name, this.parameters[place] as Tensor];
    yield* this.modelBuffers.named();
  }

  dispose(): void {
    dispose(this.parameters);
    this.modelBuffers.dispose();
  }

  private made(values: Float32Array, shape: readonly number[]): Tensor {
    return this.ledger.scope('parameters', () => keep(tensor(values, [...shape], 'float32')));
  }
}
