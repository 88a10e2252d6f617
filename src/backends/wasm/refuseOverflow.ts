/**
 * The wasm backend of TensorFlow.js does not look whether its heap, which ends at 4 GiB, had room: where it is full, its
 * allocator answers address 0, and the next tensor is written over the start of the heap without a word. Here that is an error.
 */
import { BackendError } from '../backendError';

export interface WasmHeap {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
}

/** Asked twice for the same heap it changes nothing more. */
export function refuseOverflow(heap: WasmHeap): void {
  if (guarded.has(heap)) return;
  guarded.add(heap);
  // Its first call puts the real allocator in its place, and would put it in ours.
  heap._free(heap._malloc(1));
  const allocate = heap._malloc.bind(heap);
  heap._malloc = bytes => {
    const address = allocate(bytes);
    if (address === 0 && bytes > 0) {
      throw new BackendError('wasm', `The backend wasm ran out of memory: its heap holds ${heap.HEAPU8.length} bytes of at most 4,294,967,296 and has no room for a tensor of ${bytes} more. Lower batchSize, or use another backend.`);
    }
    return address;
  };
}

const guarded = new WeakSet<WasmHeap>();
