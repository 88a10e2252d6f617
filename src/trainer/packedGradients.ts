/**
 * The gradients of a step in stored form: of sparse tensors what belongs to their non-zeros. Slices of a batch are added up in place, as
 * hostPlacement.ts does; sums are rounded to float32 and then to the stored precision, where too large a number becomes infinite.
 */
import { isFiniteIn } from '../kernels/elementwise';
import { forChunks } from '../kernels/chunkCompute';
import { addSquares, lengthOf } from '../kernels/norm';
import { entriesOf, readStored, writeStored, type StoredVector } from '../kernels/storedVector';
import type { Clipping } from './packedClip';
import { clipEntries } from './packedClip';
import { forStored, type PackedScratch } from './packedChunks';
import type { StoredTensorPlace } from './packedLayout';
import { gather } from './packedParameters';

export class PackedGradients {
  constructor(public values: StoredVector, private readonly scratch: PackedScratch) {}

  get length(): number {
    return entriesOf(this.values).length;
  }

  get bytes(): number {
    return entriesOf(this.values).byteLength;
  }

  /** Adds weight * dense, or begins with it. */
  add(place: StoredTensorPlace, dense: Float32Array, weight: number, first: boolean): void {
    const { scratch, values: stored } = this;
    forStored(place, scratch, (from, length, at, positions) => {
      const gradient = scratch.gradient.subarray(0, length);
      gather(dense, at, positions, gradient);
      if (first) {
        if (weight !== 1) for (let entry = 0; entry < length; entry++) gradient[entry] = weight * (gradient[entry] ?? 0);
      } else {
        const sum = scratch.values.subarray(0, length);
        readStored(scratch.chunks, stored, from, sum);
        for (let entry = 0; entry < length; entry++) gradient[entry] = (sum[entry] ?? 0) + weight * (gradient[entry] ?? 0);
      }
      writeStored(scratch.chunks, stored, from, gradient, 'infinite');
    });
  }

  /** The entries from `from` on, divided by the loss scale. */
  read(from: number, lossScale: number, gradient: Float32Array): void {
    readStored(this.scratch.chunks, this.values, from, gradient);
    if (lossScale !== 1) for (let at = 0; at < gradient.length; at++) gradient[at] = (gradient[at] ?? 0) / lossScale;
  }

  isFinite(): boolean {
    let finite = true;
    this.visit(1, gradient => { finite &&= isFiniteIn(gradient, 0, gradient.length); });
    return finite;
  }

  /** Euclidean length of the whole, divided by the loss scale and its entries clipped. */
  norm(lossScale: number, clipping: Clipping): number {
    const sums = new Float64Array(4);
    this.visit(lossScale, gradient => {
      clipEntries(gradient, clipping);
      addSquares(sums, gradient);
    });
    return lengthOf(sums);
  }

  private visit(lossScale: number, use: (gradient: Float32Array) => void): void {
    forChunks(this.length, (from, count) => {
      const gradient = this.scratch.gradient.subarray(0, count);
      this.read(from, lossScale, gradient);
      use(gradient);
    });
  }
}
