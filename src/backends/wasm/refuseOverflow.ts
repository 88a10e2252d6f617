/**
 * The wasm backend of TensorFlow.js does not look whether its heap, which ends at 4 GiB, had room: where it is full, its
 * allocator answers address 0, and the next tensor is written over the start of the heap without a word. Here that is an error.
 */
import { BackendError } from '../backendError';
import type { WasmHeap } from './wasmBackend';

/** Asked twice for the same heap it changes nothing more. */
export function refuseOverflow(heap: WasmHeap): void {
  if (guarded.has(heap)) return;
  guarded.add(heap);
  // Its first call puts the real allocator in its place, and would put it in ours.
  heap._free(heap._malloc(1));
  const allocate = heap._malloc.bind(heap);
  heap._malloc = bytes => {
    const address = allocate(bytes);
    if (address === 0 && bytes > 0) throw heapIsFull(heap, `a tensor of ${bytes} more`);
    return address;
  };
}

/** `wanted`: what there was no room for. */
export function heapIsFull({ HEAPU8 }: Pick<WasmHeap, 'HEAPU8'>, wanted: string): BackendError {
  return new BackendError('wasm', `The backend wasm ran out of memory: its heap holds ${HEAPU8.length} bytes of at most 4,294,967,296 and has no room for ${wanted}. Lower batchSize, or use another backend.`);
}

const guarded = new WeakSet<WasmHeap>();
