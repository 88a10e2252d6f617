/** Decides what is kept of a vector: c = C(a). */
import type { BlockLayout } from '../../kernels/blockLayout';
import type { KeptRow } from '../transformation';

export interface Compressor {
  readonly name: string;
  /** The layout that the settings ask for now. */
  layout(dimension: number): BlockLayout;
  /** An empty row of that layout. */
  init(dimension: number): KeptRow;
  /** Writes C(vector) to `row`, and in full over `vector`. */
  compress(vector: Float32Array, row: KeptRow): void;
  /** `row` itself where its layout is still the one asked for, else an empty row of the new one. */
  fit(row: KeptRow, dimension: number): KeptRow;
}
