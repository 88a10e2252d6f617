/**
 * The buffers of a model as tensors. They move in the forward pass, before anybody knows whether the step will stand: so a step can begin
 * here, and be taken back. Bytes held: 4 a number; 4 more for what has moved while a step is open.
 */
import { dispose, keep, tensor, type Tensor } from '@tensorflow/tfjs-core';
import type { Ledger } from '../memory/ledger';
import type { BufferSpecification } from '../models/model';

export class ModelBuffers {
  readonly tensors: Tensor[];
  /** While a step is open: what was there when it began, by place, of buffers that have moved. */
  private before: Map<number, Tensor> | undefined;

  constructor(private readonly ledger: Ledger, private readonly specifications: readonly BufferSpecification[]) {
    this.tensors = specifications.map(({ initial, shape }) => this.made(initial, shape));
  }

  /** From now on a step can be taken back. */
  begin(): void {
    this.before = new Map();
  }

  /** Ends the step: it stands, or the buffers are what they were when it began. */
  end(stands: boolean): void {
    for (const [place, tensor] of this.before ?? []) {
      if (stands) tensor.dispose();
      else {
        this.tensors[place]?.dispose();
        this.tensors[place] = tensor;
      }
    }
    this.before = undefined;
  }

  /** Takes over tensors in the place of these, and disposes of the former. */
  replace(places: readonly number[], tensors: readonly Tensor[]): void {
    places.forEach((place, index) => {
      const next = keep(tensors[index] as Tensor);
      this.ledger.claim(next, 'buffers');
      const former = this.tensors[place] as Tensor;
      if (this.before === undefined || this.before.has(place)) former.dispose();
      else this.before.set(place, former);
      this.tensors[place] = next;
    });
  }

  /** Puts these values in the place of all, in order. */
  restore(values: readonly Float32Array[]): void {
    values.forEach((restored, place) => {
      const before = this.tensors[place] as Tensor;
      before.dispose();
      this.tensors[place] = this.made(restored, before.shape);
    });
  }

  *named(): Generator<readonly [string, Tensor]> {
    for (const [place, { name }] of this.specifications.entries()) yield [name, this.tensors[place] as Tensor];
  }

  dispose(): void {
    this.end(true);
    dispose(this.tensors);
  }

  private made(values: Float32Array, shape: readonly number[]): Tensor {
    return this.ledger.scope('buffers', () => keep(tensor(values, [...shape], 'float32')));
  }
}
