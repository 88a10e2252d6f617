/**
 * The WebAssembly heap of the wasm backend: its size, and how much of it the backend has asked for and not given back. The module
 * exports no statistics of its allocator, so requests are counted on their way; what a kernel allocates inside for its own
 * duration passes here unseen.
 *
 * TensorFlow.js does not look whether the heap, which ends at 4 GiB, had room: where it is full, the allocator answers address 0, and
 * the next tensor would be written over the start of the heap without a word. Here that is an error.
 *
 * Bytes held: one entry of a map per live allocation.
 */
import type { HeldBytes } from '../../protocol/heldBytes';
import { BackendError } from '../backendError';
import type { WasmHeap } from './wasmBackend';

const watched = new WeakMap<WasmHeap, () => HeldBytes>();

export function watchHeap(module: WasmHeap): () => HeldBytes {
  const before = watched.get(module);
  if (before !== undefined) return before;
  // At their first call the functions put others in their place.
  module._free(module._malloc(4));
  const [malloc, free] = [module._malloc.bind(module), module._free.bind(module)];
  const sizes = new Map<number, number>();
  let asked = 0;
  module._malloc = bytes => {
    const address = malloc(bytes);
    if (address === 0 && bytes > 0) throw heapIsFull(module, `a tensor of ${bytes} more`);
    // Beyond 2 GiB it comes as a negative number, and goes back as a positive one.
    sizes.set(address >>> 0, bytes);
    asked += bytes;
    return address;
  };
  module._free = address => {
    asked -= sizes.get(address >>> 0) ?? 0;
    sizes.delete(address >>> 0);
    free(address);
  };
  const held = () => ({ wasmHeap: module.HEAPU8.length, wasmTensors: asked });
  watched.set(module, held);
  return held;
}

/** `wanted`: what there was no room for. */
export function heapIsFull({ HEAPU8 }: Pick<WasmHeap, 'HEAPU8'>, wanted: string): BackendError {
  return new BackendError('wasm', `The backend wasm ran out of memory: its heap holds ${HEAPU8.length} bytes of at most 4,294,967,296 and has no room for ${wanted}. Lower batchSize, or use another backend.`);
}
