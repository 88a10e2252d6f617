/** A ring of rows: new ones take free slots first, then the oldest row's. */
export type Ring = {
  /** The rows there is room for. */
  readonly size: number;
  /** Rows written so far, the first ones; at most `size`. */
  filled: number;
  /** Where the next row goes: a free slot, or the oldest row's. */
  cursor: number;
};

/** The slot of a new row. */
export function advance(ring: Ring): number {
  const slot = ring.cursor;
  ring.filled = Math.max(ring.filled, slot + 1);
  ring.cursor = (slot + 1) % ring.size;
  return slot;
}

/** Slots of the newest rows, oldest first, at most `wanted` of them. */
export function newestSlots({ size, filled, cursor }: Ring, wanted: number): number[] {
  const kept = Math.min(filled, wanted);
  return Array.from({ length: kept }, (_, index) => (cursor - kept + index + size) % size);
}
