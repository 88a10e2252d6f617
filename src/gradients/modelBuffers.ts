/** The buffers of a model as tensors. Bytes held: 4 a number. */
import { dispose, keep, tensor, type Tensor } from '@tensorflow/tfjs-core';
import type { Ledger } from '../memory/ledger';
import type { BufferSpecification } from '../models/model';

export class ModelBuffers {
  readonly tensors: Tensor[];

  constructor(private readonly ledger: Ledger, private readonly specifications: readonly BufferSpecification[]) {
    this.tensors = specifications.map(({ initial, shape }) => this.made(initial, shape));
  }

  /** Takes over tensors in the place of these, and disposes of the former. */
  replace(places: readonly number[], tensors: readonly Tensor[]): void {
    places.forEach((place, index) => {
      const next = keep(tensors[index] as Tensor);
      this.ledger.claim(next, 'buffers');
      this.tensors[place]?.dispose();
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
    dispose(this.tensors);
  }

  private made(values: Float32Array, shape: readonly number[]): Tensor {
    return this.ledger.scope('buffers', () => keep(tensor(values, [...shape], 'float32')));
  }
}
