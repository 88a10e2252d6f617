/**
 * Parameters on the host in stored form, lent as dense float32 tensors for the time of one node: written into the backend's memory
 * where that can be reached. What is lent is workspace.
 *
 * Bytes held: as settings/formulas/packed.ts says; 4 more for every entry where there is a copy in float32, which counts as
 * optimizer state, since only training needs it.
 */
import { fill, tensor, type Tensor } from '@tensorflow/tfjs-core';
import type { Backend } from '../backends/backend';
import { createStored, entriesOf, moved, movedStored, readStored, writeStored, type StoredPrecision, type StoredVector } from '../kernels/storedVector';
import { forChunks } from '../kernels/chunkCompute';
import type { Ledger } from '../memory/ledger';
import type { PackedLayout, StoredTensorPlace } from './packedLayout';
import { forStored, type PackedScratch } from './packedChunks';

export class PackedParameters {
  private stored: StoredVector;
  private copy: Float32Array | undefined;

  constructor(
    public layout: PackedLayout, precision: StoredPrecision, hasMaster: boolean, private readonly scratch: PackedScratch,
    private readonly backend: Pick<Backend, 'memory'>, private readonly ledger: Ledger,
  ) {
    this.stored = createStored(precision, layout.length);
    this.copy = hasMaster ? new Float32Array(layout.length) : undefined;
  }

  get values(): StoredVector {
    return this.stored;
  }

  /** The copy in float32, where there is one. */
  get master(): Float32Array | undefined {
    return this.copy;
  }

  get bytes(): number {
    return entriesOf(this.stored).byteLength + this.layout.indexBytes;
  }

  /** The entries from `from` on, as steps add them up: of the copy where there is one. */
  read(from: number, values: Float32Array): void {
    if (this.copy === undefined) readStored(this.scratch.chunks, this.stored, from, values);
    else values.set(this.copy.subarray(from, from + values.length));
  }

  write(from: number, values: Float32Array): void {
    this.copy?.set(values, from);
    writeStored(this.scratch.chunks, this.stored, from, values, 'largest');
  }

  /** Keeps of dense values [entries of the tensor] what is stored. */
  writeDense(place: StoredTensorPlace, dense: Float32Array): void {
    forStored(place, this.scratch, (from, length, at, positions) => {
      const values = this.scratch.values.subarray(0, length);
      gather(dense, at, positions, values);
      this.write(from, values);
    });
  }

  /** All entries in float32, a new array. */
  unpacked(): Float32Array {
    const all = new Float32Array(this.layout.length);
    forChunks(all.length, (from, count) => { this.read(from, all.subarray(from, from + count)); });
    return all;
  }

  lend<Result>(places: readonly number[], use: (tensors: readonly Tensor[]) => Result): Result {
    const lent: Tensor[] = [];
    try {
      for (const place of places) lent.push(this.dense(this.layout.tensors[place] as StoredTensorPlace));
      return use(lent);
    } finally {
      for (const one of lent) one.dispose();
    }
  }

  /** Another layout of as many entries: entry i is what was entry moves[i], or zero. */
  move(layout: PackedLayout, moves: Int32Array): void {
    this.layout = layout;
    this.stored = movedStored(this.stored, moves);
    if (this.copy !== undefined) this.copy = moved(this.copy, new Float32Array(this.copy.length), moves);
  }

  isFinite(): boolean {
    let finite = true;
    forChunks(this.layout.length, (from, count) => {
      const values = this.scratch.values.subarray(0, count);
      this.read(from, values);
      finite &&= values.every(Number.isFinite);
    });
    return finite;
  }

  private dense(place: StoredTensorPlace): Tensor {
    const { backend: { memory }, ledger } = this;
    const shape = [...place.shape];
    if (memory === undefined) {
      const values = new Float32Array(place.length);
      this.expand(place, values);
      return ledger.scope('workspace', () => tensor(values, shape, 'float32'));
    }
    const made = ledger.scope('workspace', () => fill(shape, 0));
    this.expand(place, memory.view(made));
    memory.written(made);
    return made;
  }

  /** `dense` holds zeros. */
  private expand(place: StoredTensorPlace, dense: Float32Array): void {
    const { scratch: { chunks, values: chunk } } = this;
    if (place.index === undefined) {
      readStored(chunks, this.stored, place.start, dense);
      return;
    }
    forStored(place, this.scratch, (from, length, _, positions) => {
      const values = chunk.subarray(0, length);
      readStored(chunks, this.stored, from, values);
      for (let at = 0; at < length; at++) dense[positions?.[at] ?? 0] = values[at] ?? 0;
    });
  }
}

/** values = the entries of `dense` at those positions, or from `from` on. */
export function gather(dense: Float32Array, from: number, positions: Uint32Array | undefined, values: Float32Array): void {
  if (positions === undefined) values.set(dense.subarray(from, from + values.length));
  else for (let at = 0; at < values.length; at++) values[at] = dense[positions[at] ?? 0] ?? 0;
}
