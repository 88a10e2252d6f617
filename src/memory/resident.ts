/** Memory of the whole process as others count it: a high-water mark that allocators seldom give back, never the exact count. */
export interface ResidentBytes {
  readonly residentBytes: number;
  /** Size of the WebAssembly heap of the backend, which grows and never shrinks; absent on backends without one. */
  readonly heapBytes?: number;
}

export function residentBytes(heapBytes: number | undefined): ResidentBytes {
  const resident = process.memoryUsage.rss();
  return heapBytes === undefined ? { residentBytes: resident } : { residentBytes: resident, heapBytes };
}
