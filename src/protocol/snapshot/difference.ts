/**
 * What two instants hold that differs, as a rule the peaks of two steps, of one run or of two. Buffers are matched by category, layer, operation, type
 * and shape, one by one in the order of birth; what is left over by category, layer and operation alone, so that a tensor of another batch
 * size has grown. What is left then has appeared, or vanished.
 */
import { categories, type Category } from '../samples';
import type { Instant } from './instant';
import { matchRows } from './matchRows';
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
  const [rows, second] = [rowsOf(before, after), before.alive.length];
  const { category, layer, operation, type, shape, bytes } = rows;
  // What is equal does not differ: of these pairs nothing is said.
  const exact = matchRows([category, layer, operation, type, shape, bytes], Uint32Array.from(bytes.keys()), second);
  const loose = matchRows([category, layer, operation], exact.rest, second);
  const alone = [...loose.rest].map((row): [number | undefined, number | undefined] => row < second ? [row, undefined] : [undefined, row]);
  const buffers = [...loose.pairs, ...alone].map(([left, right]) => different(before, after, left === undefined ? undefined : before.alive[left], right === undefined ? undefined : after.alive[right - second])).filter(({ change }) => change !== 0);
  buffers.sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
  const sums = Object.fromEntries(differenceKinds.map(kind => [kind, { count: 0, change: 0 }])) as Record<DifferenceKind, { count: number; change: number }>;
  for (const { kind, change } of buffers) {
    sums[kind].count++;
    sums[kind].change += change;
  }
  const byCategory = categories.map(name => ({ name, before: before.bytes[name], after: after.bytes[name] }));
  return { before, after, buffers, sums, categories: byCategory.filter(sum => sum.before !== 0 || sum.after !== 0), layers: layerSums(rows, second) };
}

/** The live buffers of both, one after the other; texts are numbers of `texts`, since their numbers differ from snapshot to snapshot. */
interface Rows {
  readonly texts: readonly string[];
  readonly category: Uint8Array;
  readonly layer: Uint32Array;
  readonly operation: Uint32Array;
  readonly type: Uint8Array;
  readonly shape: Uint32Array;
  readonly bytes: Float64Array;
}

function rowsOf(before: Instant, after: Instant): Rows {
  const length = before.alive.length + after.alive.length;
  const numbers = new Map<string, number>();
  const [layer, operation, shape] = [new Uint32Array(length), new Uint32Array(length), new Uint32Array(length)];
  const [category, type, bytes] = [new Uint8Array(length), new Uint8Array(length), new Float64Array(length)];
  let row = 0;
  for (const { lives: { snapshot: { buffers, texts } }, alive, category: of } of [before, after]) {
    const number = Uint32Array.from(texts, text => {
      const known = numbers.get(text) ?? numbers.size;
      numbers.set(text, known);
      return known;
    });
    for (const buffer of alive) {
      category[row] = of[buffer] ?? 0;
      type[row] = buffers.type[buffer] ?? 0;
      bytes[row] = buffers.bytes[buffer] ?? 0;
      layer[row] = number[buffers.layer[buffer] ?? 0] ?? 0;
      operation[row] = number[buffers.operation[buffer] ?? 0] ?? 0;
      shape[row] = number[buffers.shape[buffer] ?? 0] ?? 0;
      row++;
    }
  }
  return { texts: [...numbers.keys()], category, layer, operation, type, shape, bytes };
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

function layerSums({ texts, layer, bytes }: Rows, second: number): DifferentSum[] {
  const sides = [new Float64Array(texts.length), new Float64Array(texts.length)] as const;
  bytes.forEach((own, row) => {
    const [side, of] = [row < second ? sides[0] : sides[1], layer[row] ?? 0];
    side[of] = (side[of] ?? 0) + own;
  });
  const sums = texts.map((name, at) => ({ name, before: sides[0][at] ?? 0, after: sides[1][at] ?? 0 }));
  const size = ({ before, after }: DifferentSum) => Math.abs(after - before);
  return sums.filter(({ before, after }) => before !== 0 || after !== 0).sort((a, b) => size(b) - size(a) || b.after - a.after);
}
