/**
 * Vectors that kernels work on in place: each lies at the start of a WebAssembly memory of its own, which all threads share and
 * which grows behind the vector where threads need scratch. A vector is its memory's only owner, so both go together.
 */

const page = 65_536;
/** Room for scratch that is set aside in addresses only. */
const mostScratchPages = 4096;
const mostPages = 65_536;

const memories = new WeakMap<ArrayBufferLike, WebAssembly.Memory>();

/** A vector beyond 4 GiB, or one for which the system has no more addresses, lies in plain shared memory, which the kernels do not reach. */
export function createVector(length: number): Float32Array {
  const memory = reserve(Math.ceil(4 * length / page));
  if (memory === undefined) return new Float32Array(new SharedArrayBuffer(4 * length));
  const vector = new Float32Array(memory.buffer, 0, length);
  memories.set(vector.buffer, memory);
  return vector;
}

function reserve(pages: number): WebAssembly.Memory | undefined {
  if (pages > mostPages) return undefined;
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: Math.min(pages + mostScratchPages, mostPages), shared: true });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A vector where kernels reach it: `at` is the address of its first entry. */
export interface VectorPlace {
  readonly memory: WebAssembly.Memory;
  readonly at: number;
  readonly length: number;
  /** Where the threads' scratch starts. */
  readonly scratchAt: number;
}

/** Undefined where the vector has no memory of its own, or there is no room for `scratchBytes` behind it. */
export function placeOf(vector: Float32Array, scratchBytes: number): VectorPlace | undefined {
  const memory = memories.get(vector.buffer);
  if (memory === undefined) return undefined;
  const scratchAt = vector.buffer.byteLength;
  const missing = Math.ceil((scratchAt + scratchBytes - memory.buffer.byteLength) / page);
  try {
    if (missing > 0) memory.grow(missing);
  } catch {
    return undefined;
  }
  return { memory, at: vector.byteOffset, length: vector.length, scratchAt };
}
