/**
 * One instant of a step: which buffers are alive, for what, and how many bytes that makes. Time: one pass over the buffers born until then,
 * and one over the moves.
 */
import { categories, noBytes, phases, type Bytes, type Phase } from '../samples';
import type { Lives } from './lives';

export interface Instant {
  readonly lives: Lives;
  /** The event that it follows; -1 where nothing happened. */
  readonly event: number;
  /** Milliseconds since the capture began. */
  readonly time: number;
  readonly phase: Phase;
  readonly bytes: Bytes;
  readonly total: number;
  /** Numbers of the live buffers, in the order of their birth. */
  readonly alive: Uint32Array;
  /** By buffer, for those alive: numbers of categories. */
  readonly category: Uint8Array;
}

export function instantAt(lives: Lives, event: number): Instant {
  const { snapshot: { buffers, events } } = lives;
  const [alive, category] = [aliveAt(lives, event), categoriesAt(lives, event)];
  const sums = new Float64Array(categories.length);
  let total = 0;
  for (const buffer of alive) {
    const size = buffers.bytes[buffer] ?? 0;
    const of = category[buffer] ?? 0;
    sums[of] = (sums[of] ?? 0) + size;
    total += size;
  }
  return { lives, event, time: events.time[event] ?? 0, phase: phases[events.phase[event] ?? 0] ?? 'update', bytes: bytesOf(sums), total, alive, category };
}

/** Sums by number of category, as a record. */
export function bytesOf(sums: Float64Array): Bytes {
  const bytes = noBytes();
  categories.forEach((category, at) => { bytes[category] = sums[at] ?? 0; });
  return bytes;
}

function aliveAt({ birth, death }: Lives, event: number): Uint32Array {
  const found = new Uint32Array(birth.length);
  let count = 0;
  for (let buffer = 0; buffer < birth.length; buffer++) {
    if ((birth[buffer] ?? 0) <= event && (death[buffer] ?? 0) > event) found[count++] = buffer;
  }
  return found.slice(0, count);
}

function categoriesAt({ bornIn, moves }: Lives, event: number): Uint8Array {
  const category = bornIn.slice();
  for (let move = 0; move < moves.event.length && (moves.event[move] ?? 0) <= event; move++) category[moves.buffer[move] ?? 0] = moves.category[move] ?? 0;
  return category;
}
