/**
 * A vector as it is stored between uses: 4 bytes an entry in float32, 2 in float16 or bfloat16. It says itself which it is, so that
 * it can be part of a state (StateTree) and of a saved file. All arithmetic is done in float32, a chunk at a time.
 */
import type { ChunkCompute } from './chunkCompute';
import type { HalfFormat, Overflow } from './halves';

export type StoredPrecision = 'float32' | HalfFormat;
export type StoredVector = { readonly float32: Float32Array } | { readonly float16: Uint16Array } | { readonly bfloat16: Uint16Array };
type Halves = { readonly format: HalfFormat; readonly entries: Uint16Array };

/** All zeros. */
export function createStored(precision: StoredPrecision, length: number): StoredVector {
  switch (precision) {
    case 'float32': return { float32: new Float32Array(length) };
    case 'float16': return { float16: new Uint16Array(length) };
    case 'bfloat16': return { bfloat16: new Uint16Array(length) };
  }
}

export function precisionOf(vector: StoredVector): StoredPrecision {
  return 'float32' in vector ? 'float32' : 'float16' in vector ? 'float16' : 'bfloat16';
}

export function entriesOf(vector: StoredVector): Float32Array | Uint16Array {
  return 'float32' in vector ? vector.float32 : halvesOf(vector).entries;
}

/** values = the entries of `vector` from `from` on. */
export function readStored(compute: ChunkCompute, vector: StoredVector, from: number, values: Float32Array): void {
  if ('float32' in vector) {
    values.set(vector.float32.subarray(from, from + values.length));
    return;
  }
  const { format, entries } = halvesOf(vector);
  compute.unpack(format, entries, from, values);
}

/** The entries of `vector` from `from` on = values, rounded. */
export function writeStored(compute: ChunkCompute, vector: StoredVector, from: number, values: Float32Array, overflow: Overflow): void {
  if ('float32' in vector) {
    vector.float32.set(values, from);
    return;
  }
  const { format, entries } = halvesOf(vector);
  compute.pack(format, values, entries, from, overflow);
}

/** The same entries in another order: entry i is what was entry `moves[i]`, or zero where that is negative. */
export function movedStored(vector: StoredVector, moves: Int32Array): StoredVector {
  if ('float32' in vector) return { float32: moved(vector.float32, new Float32Array(moves.length), moves) };
  if ('float16' in vector) return { float16: moved(vector.float16, new Uint16Array(moves.length), moves) };
  return { bfloat16: moved(vector.bfloat16, new Uint16Array(moves.length), moves) };
}

export function moved<Entries extends Float32Array | Uint16Array>(entries: Entries, target: Entries, moves: Int32Array): Entries {
  for (let at = 0; at < moves.length; at++) {
    const from = moves[at] ?? -1;
    target[at] = from < 0 ? 0 : entries[from] ?? 0;
  }
  return target;
}

function halvesOf(vector: Exclude<StoredVector, { readonly float32: Float32Array }>): Halves {
  return 'float16' in vector ? { format: 'float16', entries: vector.float16 } : { format: 'bfloat16', entries: vector.bfloat16 };
}
