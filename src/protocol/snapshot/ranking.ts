/** What lives at an instant, summed up and sorted by bytes: by category, layer, operation, source line, or each buffer for itself. */
import type { Instant } from './instant';
import { categories } from '../samples';
import { bufferTypes, type StepSnapshot } from './stepSnapshot';

export const groupings = ['category', 'layer', 'operation', 'source', 'buffer'] as const;
export type Grouping = (typeof groupings)[number];

export interface RankedRow {
  /** Number of the category, of the text, or of the buffer. */
  readonly key: number;
  readonly bytes: number;
  readonly count: number;
  /** Of all live bytes at that instant, whatever is left out of the ranking. */
  readonly share: number;
  /** Number of the largest buffer in it; of equally large ones the first born. */
  readonly largest: number;
}

/** Most bytes first. `fits` leaves buffers out. */
export function rank(instant: Instant, by: Grouping, fits: (buffer: number) => boolean = () => true): RankedRow[] {
  const { lives: { snapshot: { buffers } }, alive, total } = instant;
  const keyOf = keysOf(instant, by);
  const groups = new Map<number, { key: number; bytes: number; count: number; largest: number }>();
  for (const buffer of alive) {
    if (!fits(buffer)) continue;
    const [key, bytes] = [keyOf(buffer), buffers.bytes[buffer] ?? 0];
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { key, bytes, count: 1, largest: buffer });
      continue;
    }
    group.bytes += bytes;
    group.count++;
    if (bytes > (buffers.bytes[group.largest] ?? 0)) group.largest = buffer;
  }
  return [...groups.values()].sort((a, b) => b.bytes - a.bytes || a.key - b.key).map(group => ({ ...group, share: total === 0 ? 0 : group.bytes / total }));
}

/** What a row stands for, in words; empty where it is not known. */
export function nameOf(snapshot: StepSnapshot, by: Grouping, key: number): string {
  if (by === 'category') return categories[key] ?? '';
  if (by !== 'buffer') return snapshot.texts[key] ?? '';
  const { layer, operation, shape, type } = wordsOf(snapshot, key);
  return [layer, operation, shape === '' ? type : `${type} ${shape}`].filter(Boolean).join(' · ');
}

export interface BufferWords {
  readonly bytes: number;
  readonly type: (typeof bufferTypes)[number];
  readonly shape: string;
  readonly layer: string;
  readonly operation: string;
  readonly source: string;
}

/** All that is known of one buffer. */
export function wordsOf({ buffers, texts }: StepSnapshot, buffer: number): BufferWords {
  const text = (column: Uint32Array) => texts[column[buffer] ?? 0] ?? '';
  return {
    bytes: buffers.bytes[buffer] ?? 0, type: bufferTypes[buffers.type[buffer] ?? 0] ?? 'bytes',
    shape: text(buffers.shape), layer: text(buffers.layer), operation: text(buffers.operation), source: text(buffers.source),
  };
}

/** The largest of some live buffers, most bytes first. One pass, however many there are. */
export function largest({ lives: { snapshot: { buffers } }, alive }: Instant, most: number, fits: (buffer: number) => boolean = () => true): number[] {
  const found: number[] = [];
  const size = (buffer: number | undefined) => buffers.bytes[buffer ?? 0] ?? 0;
  for (const buffer of alive) {
    if (found.length === most && size(buffer) <= size(found.at(-1))) continue;
    if (!fits(buffer)) continue;
    const place = found.findIndex(other => size(other) < size(buffer));
    found.splice(place < 0 ? found.length : place, 0, buffer);
    if (found.length > most) found.pop();
  }
  return found;
}

function keysOf({ lives: { snapshot: { buffers } }, category }: Instant, by: Grouping): (buffer: number) => number {
  if (by === 'buffer') return buffer => buffer;
  const column = by === 'category' ? category : buffers[by];
  return buffer => column[buffer] ?? 0;
}
