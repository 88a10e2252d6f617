/** How held bytes stand in a sample on disk, now and in older recordings. */
import * as z from 'zod';
import { heldNames, type HeldBytes, type HeldName } from './heldBytes';

const byteCount = z.int().min(0).optional();
export const heldBytes: z.ZodType<HeldBytes> = z.object(Object.fromEntries(heldNames.map(name => [name, byteCount])) as Record<HeldName, typeof byteCount>);

/** Recordings from before there was such a set name two of its figures beside the others of a sample. */
export function withHeldBytes(memory: unknown): unknown {
  if (typeof memory !== 'object' || memory === null || 'held' in memory) return memory;
  const { residentBytes, heapBytes, ...rest } = memory as { residentBytes?: unknown; heapBytes?: unknown };
  return { ...rest, held: { ...(residentBytes === undefined ? {} : { process: residentBytes }), ...(heapBytes === undefined ? {} : { wasmHeap: heapBytes }) } };
}
