/**
 * What process, backend and GPU hold, each by the count of whoever says so. It stands beside the exact count of live bytes and is
 * never added to it: allocators keep what was freed, and more than tensors lies there. What nobody measured is absent.
 */

/** In the order of tables; the label says who counts. */
export const heldLabels = {
  process: 'Process, resident (as the system counts it)',
  wasmHeap: 'WASM heap, size (never shrinks)',
  wasmTensors: 'WASM heap, in tensors (as asked of its allocator)',
  gpuBuffersAllocated: 'GPU buffers, allocated (as TensorFlow.js counts them)',
  gpuBuffersUsed: 'GPU buffers, in use (as TensorFlow.js counts them)',
  gpuBuffersPooled: 'GPU buffers, kept for reuse (as TensorFlow.js counts them)',
  gpuProcess: 'GPU memory of the process (as its driver counts it)',
} as const;

export type HeldName = keyof typeof heldLabels;
export const heldNames = Object.keys(heldLabels) as readonly HeldName[];
export type HeldBytes = { [Name in HeldName]?: number | undefined };

/** Figure by figure; one that only one of them has is that one's. */
export function addHeldBytes(one: HeldBytes, other: HeldBytes): HeldBytes {
  return Object.fromEntries(heldNames.filter(name => one[name] !== undefined || other[name] !== undefined).map(name => [name, (one[name] ?? 0) + (other[name] ?? 0)]));
}
