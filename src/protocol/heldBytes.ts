/**
 * What process, backend and GPU hold, each by the count of whoever says so. It stands beside the exact count of live bytes and is
 * never added to it: allocators keep what was freed, and more than tensors lies there. What nobody measured is absent.
 */
import * as z from 'zod';

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

const byteCount = z.int().min(0).optional();
export const heldBytes: z.ZodType<HeldBytes> = z.object(Object.fromEntries(heldNames.map(name => [name, byteCount])) as Record<HeldName, typeof byteCount>);

/** Recordings from before there was such a set name two of its figures beside the others of a sample. */
export function withHeldBytes(memory: unknown): unknown {
  if (typeof memory !== 'object' || memory === null || 'held' in memory) return memory;
  const { residentBytes, heapBytes, ...rest } = memory as { residentBytes?: unknown; heapBytes?: unknown };
  return { ...rest, held: { ...(residentBytes === undefined ? {} : { process: residentBytes }), ...(heapBytes === undefined ? {} : { wasmHeap: heapBytes }) } };
}

/** Figure by figure; one that only one of them has is that one's. */
export function addHeldBytes(one: HeldBytes, other: HeldBytes): HeldBytes {
  return Object.fromEntries(heldNames.filter(name => one[name] !== undefined || other[name] !== undefined).map(name => [name, (one[name] ?? 0) + (other[name] ?? 0)]));
}
