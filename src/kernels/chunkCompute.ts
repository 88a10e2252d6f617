/**
 * Arithmetic on chunks: stretches of vectors that are brought to float32, worked on, and stored again, so that a vector of any
 * length needs the same small scratch. On plain typed arrays here, which is the oracle; in WebAssembly in wasmChunks.ts.
 */
import { descendIn } from './elementwise';
import { packHalves, unpackHalves, type HalfFormat, type Overflow } from './halves';

/** Entries of a chunk: 64 KiB in float32, half of the second cache. */
export const chunkLength = 16_384;

export interface ChunkCompute {
  readonly name: string;
  /** Bytes that it holds for its whole life, chunks included. */
  readonly bytes: number;
  /** Room for one chunk, where this computes without a copy. */
  createChunk(): Float32Array;
  /** values = halves, from the entry `from` on. */
  unpack(format: HalfFormat, halves: Uint16Array, from: number, values: Float32Array): void;
  /** halves = values, from the entry `from` on; the values stay as they are. */
  pack(format: HalfFormat, values: Float32Array, halves: Uint16Array, from: number, overflow: Overflow): void;
  /** theta = theta - rate * (u + decay * theta); `update` holds u, which becomes what was added. */
  descend(update: Float32Array, values: Float32Array, rate: number, decay: number): void;
}

export function plainChunks(): ChunkCompute {
  let bytes = 0;
  return {
    name: 'typed arrays',
    get bytes() { return bytes; },
    createChunk: () => {
      bytes += 4 * chunkLength;
      return new Float32Array(chunkLength);
    },
    unpack: unpackHalves,
    pack: packHalves,
    descend: (update, values, rate, decay) => descendIn(update, 0, values, rate, decay, 0, values.length),
  };
}

/** Cuts [0, length) into chunks, in order. */
export function forChunks(length: number, visit: (from: number, count: number) => void): void {
  for (let from = 0; from < length; from += chunkLength) visit(from, Math.min(chunkLength, length - from));
}
