/** What lives at an instant, summed up and sorted by bytes: by category, layer, operation, source line, or each buffer for itself. */
import { categories } from '../samples';
import { firstOf, type Order } from './firstOf';
import type { Instant } from './instant';
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

/** Columns are by key, and so as long as there are texts, categories or buffers. */
export interface Groups {
  /** The keys of those that live, in ascending order. */
  readonly keys: Uint32Array;
  readonly bytes: Float64Array;
  /** Absent where every buffer is a group of its own. */
  readonly several?: { readonly count: Uint32Array; readonly largest: Uint32Array };
}

/** Most bytes first; of some of the live buffers, or of all. */
export function rank(instant: Instant, by: Grouping, among = instant.alive): RankedRow[] {
  const groups = groupsOf(instant, by, among);
  return firstOf(groups.keys, groups.keys.length, mostBytes(groups.bytes)).map(key => rowOf(instant, groups, key));
}

/** One pass over the buffers. */
export function groupsOf({ lives: { snapshot: { buffers, texts } }, category }: Instant, by: Grouping, among: Uint32Array): Groups {
  if (by === 'buffer') return { keys: among, bytes: buffers.bytes };
  const column = by === 'category' ? category : buffers[by];
  const most = by === 'category' ? categories.length : texts.length;
  const [bytes, count, largest] = [new Float64Array(most), new Uint32Array(most), new Uint32Array(most)];
  for (const buffer of among) {
    const [key, own] = [column[buffer] ?? 0, buffers.bytes[buffer] ?? 0];
    if (count[key] === 0 || own > (buffers.bytes[largest[key] ?? 0] ?? 0)) largest[key] = buffer;
    bytes[key] = (bytes[key] ?? 0) + own;
    count[key] = (count[key] ?? 0) + 1;
  }
  const keys = new Uint32Array(most);
  let found = 0;
  for (let key = 0; key < most; key++) if ((count[key] ?? 0) > 0) keys[found++] = key;
  return { keys: keys.subarray(0, found), bytes, several: { count, largest } };
}

/** Of keys, by a column of theirs. */
export function mostBytes(bytes: Float64Array): Order {
  return (one, other) => (bytes[other] ?? 0) - (bytes[one] ?? 0) || one - other;
}

export function largestShare({ total }: Instant, { keys, bytes }: Groups): number {
  let most = 0;
  for (const key of keys) most = Math.max(most, bytes[key] ?? 0);
  return total === 0 ? 0 : most / total;
}

export function rowOf({ total }: Instant, { bytes, several }: Groups, key: number): RankedRow {
  const own = bytes[key] ?? 0;
  return { key, bytes: own, count: several?.count[key] ?? 1, largest: several?.largest[key] ?? key, share: total === 0 ? 0 : own / total };
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

/** The largest of the live buffers, most bytes first; of equally large ones the first born. One pass, however many there are. */
export function largest({ lives: { snapshot: { buffers } }, alive }: Instant, most: number): number[] {
  return firstOf(alive, most, mostBytes(buffers.bytes));
}
