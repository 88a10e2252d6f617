/** The scratch that all work on stored parameters shares: a few chunks in float32, and one of positions. */
import { chunkLength, type ChunkCompute } from '../kernels/chunkCompute';
import { readPositions } from '../sparsity/sparseIndex';
import type { StoredTensorPlace } from './packedLayout';

export interface PackedScratch {
  readonly chunks: ChunkCompute;
  readonly gradient: Float32Array;
  readonly values: Float32Array;
  /** Absent where nothing is sparse. */
  readonly positions: Uint32Array | undefined;
}

export function packedScratch(chunks: ChunkCompute, isSparse: boolean): PackedScratch {
  return { chunks, gradient: chunks.createChunk(), values: chunks.createChunk(), positions: isSparse ? new Uint32Array(chunkLength) : undefined };
}

export function bytesOfScratch({ chunks, positions }: PackedScratch): number {
  return chunks.bytes + (positions?.byteLength ?? 0);
}

/**
 * Visits the stored entries of a tensor, chunk by chunk: `from` counts in the vector of all, and `positions` say where the entries lie in
 * the dense tensor; undefined where they follow one another from `dense` on.
 */
export function forStored(
  { start, count, index }: StoredTensorPlace, scratch: PackedScratch,
  visit: (from: number, length: number, dense: number, positions: Uint32Array | undefined) => void,
): void {
  const read = index === undefined ? undefined : readPositions(index);
  for (let done = 0; done < count; done += chunkLength) {
    const length = Math.min(chunkLength, count - done);
    if (read !== undefined && scratch.positions !== undefined) read(scratch.positions, length);
    visit(start + done, length, done, read === undefined ? undefined : scratch.positions);
  }
}
