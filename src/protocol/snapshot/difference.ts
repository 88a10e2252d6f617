/**
 * What two instants hold that differs, as a rule the peaks of two steps, of one run or of two. Buffers are matched by category, layer, operation, type
 * and shape, one by one in the order of birth; what is left over by category, layer and operation alone, so that a tensor of another batch
 * size has grown. What is left then has appeared, or vanished.
 */
import { categories, type Category } from '../samples';
import type { Instant } from './instant';
import { wordsOf } from './ranking';

export const differenceKinds = ['appeared', 'grew', 'vanished', 'shrank'] as const;
export type DifferenceKind = (typeof differenceKinds)[number];

export interface DifferentBuffer {
  readonly kind: DifferenceKind;
  readonly category: Category;
  readonly layer: string;
  readonly operation: string;
  /** Number of the buffer in either snapshot; absent where it is not there. */
  readonly before?: number;
  readonly after?: number;
  /** Bytes after, minus bytes before. */
  readonly change: number;
}

/** Bytes of everything with that name, matched or not. */
export interface DifferentSum { readonly name: string; readonly before: number; readonly after: number }

export interface Difference {
  readonly before: Instant;
  readonly after: Instant;
  /** The largest change, of either sign, first. */
  readonly buffers: readonly DifferentBuffer[];
  readonly sums: Readonly<Record<DifferenceKind, { readonly count: number; readonly change: number }>>;
  /** Those that have bytes on either side: categories in their order, layers by the size of the change. */
  readonly categories: readonly DifferentSum[];
  readonly layers: readonly DifferentSum[];
}

export function differenceOf(before: Instant, after: Instant): Difference {
  const exact = matched([...before.alive], [...after.alive], keyOf(before, true), keyOf(after, true));
  const loose = matched(exact.left, exact.right, keyOf(before, false), keyOf(after, false));
  const pairs: [number | undefined, number | undefined][] = [...loose.pairs, ...loose.left.map((buffer): [number, undefined] => [buffer, undefined]), ...loose.right.map((buffer): [undefined, number] => [undefined, buffer])];
  const buffers = pairs.map(([left, right]) => different(before, after, left, right)).filter(({ change }) => change !== 0);
  buffers.sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
  const sums = Object.fromEntries(differenceKinds.map(kind => [kind, { count: 0, change: 0 }])) as Record<DifferenceKind, { count: number; change: number }>;
  for (const { kind, change } of buffers) {
    sums[kind].count++;
    sums[kind].change += change;
  }
  const byCategory = categories.map(name => ({ name, before: before.bytes[name], after: after.bytes[name] }));
  return { before, after, buffers, sums, categories: byCategory.filter(sum => sum.before !== 0 || sum.after !== 0), layers: layerSums(before, after) };
}

interface Matching { readonly pairs: [number, number][]; readonly left: number[]; readonly right: number[] }

/** Pairs those with the same key, one by one in order. */
function matched(left: readonly number[], right: readonly number[], keyOfLeft: (buffer: number) => string, keyOfRight: (buffer: number) => string): Matching {
  const waiting = new Map<string, { next: number; readonly buffers: number[] }>();
  for (const buffer of left) {
    const key = keyOfLeft(buffer);
    const queue = waiting.get(key);
    if (queue === undefined) waiting.set(key, { next: 0, buffers: [buffer] });
    else queue.buffers.push(buffer);
  }
  const matching: Matching = { pairs: [], left: [], right: [] };
  for (const buffer of right) {
    const queue = waiting.get(keyOfRight(buffer));
    const other = queue?.buffers[queue.next];
    if (queue === undefined || other === undefined) {
      matching.right.push(buffer);
      continue;
    }
    queue.next++;
    matching.pairs.push([other, buffer]);
  }
  for (const { next, buffers } of waiting.values()) for (const buffer of buffers.slice(next)) matching.left.push(buffer);
  // In the order of birth again, so that the difference turned around is the difference of both turned around.
  matching.left.sort((a, b) => a - b);
  return matching;
}

/** Texts, since their numbers differ from snapshot to snapshot. */
function keyOf({ lives: { snapshot: { buffers, texts } }, category }: Instant, exact: boolean): (buffer: number) => string {
  const text = (column: Uint32Array, buffer: number) => texts[column[buffer] ?? 0] ?? '';
  return buffer => [
    category[buffer], text(buffers.layer, buffer), text(buffers.operation, buffer),
    ...(exact ? [buffers.type[buffer], text(buffers.shape, buffer), buffers.bytes[buffer]] : []),
  ].join('\n');
}

function different(before: Instant, after: Instant, left: number | undefined, right: number | undefined): DifferentBuffer {
  const [instant, buffer] = right === undefined ? [before, left ?? 0] : [after, right];
  const { layer, operation } = wordsOf(instant.lives.snapshot, buffer);
  const size = ({ lives: { snapshot } }: Instant, which: number | undefined) => which === undefined ? 0 : snapshot.buffers.bytes[which] ?? 0;
  const change = size(after, right) - size(before, left);
  return {
    kind: left === undefined ? 'appeared' : right === undefined ? 'vanished' : change > 0 ? 'grew' : 'shrank',
    category: categories[instant.category[buffer] ?? 0] ?? 'unattributed', layer, operation, change,
    ...(left === undefined ? {} : { before: left }), ...(right === undefined ? {} : { after: right }),
  };
}

function layerSums(before: Instant, after: Instant): DifferentSum[] {
  const sums = new Map<string, { name: string; before: number; after: number }>();
  for (const side of ['before', 'after'] as const) {
    const { lives: { snapshot: { buffers, texts } }, alive } = side === 'before' ? before : after;
    for (const buffer of alive) {
      const name = texts[buffers.layer[buffer] ?? 0] ?? '';
      const sum = sums.get(name) ?? { name, before: 0, after: 0 };
      sum[side] += buffers.bytes[buffer] ?? 0;
      sums.set(name, sum);
    }
  }
  const size = ({ before: left, after: right }: DifferentSum) => Math.abs(right - left);
  return [...sums.values()].filter(sum => sum.before !== 0 || sum.after !== 0).sort((a, b) => size(b) - size(a) || b.after - a.after);
}
