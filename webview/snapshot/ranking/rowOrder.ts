/** In which order the rows of the ranking stand. */
import type { Order } from '../../../src/protocol/snapshot/firstOf';
import { mostBytes, type Grouping, type Groups } from '../../../src/protocol/snapshot/ranking';
import type { StepSnapshot } from '../../../src/protocol/snapshot/stepSnapshot';
import { unknown } from '../words';
import { lowerTexts } from './lowerTexts';
import { compareNames } from './nameOrder';
import { titleOf } from './rankedRow';

export type Sort = 'name' | 'bytes' | 'count';

export function rowOrder(snapshot: StepSnapshot, by: Grouping, groups: Groups, sort: Sort, ascending: boolean): Order {
  const most = mostBytes(groups.bytes);
  const first = { bytes: most, count: byCount(groups, most), name: byName(snapshot, by) }[sort];
  // Names come from A, figures from the most.
  return ascending === (sort === 'name') ? first : (one, other) => first(other, one);
}

function byCount({ several }: Groups, most: Order): Order {
  return several === undefined ? most : (one, other) => (several.count[other] ?? 0) - (several.count[one] ?? 0) || most(one, other);
}

function byName(snapshot: StepSnapshot, by: Grouping): Order {
  const compare = by === 'buffer' ? compareBuffers(snapshot) : compareTitles(snapshot, by);
  return (one, other) => compare(one, other) || one - other;
}

function compareTitles(snapshot: StepSnapshot, by: Exclude<Grouping, 'buffer'>): Order {
  const texts = lowerTexts(snapshot);
  const title = (key: number) => by === 'layer' || by === 'operation' ? texts[key] || unknown[by] : titleOf(snapshot, by, key).toLowerCase();
  return (one, other) => compareNames(title(one), title(other));
}

/** By layer, in it by operation, type and shape: as they are written, without writing a hundred thousand of them. */
function compareBuffers(snapshot: StepSnapshot): Order {
  const texts = lowerTexts(snapshot);
  const { layer, operation, shape, type } = snapshot.buffers;
  const compare = (column: Uint32Array, one: number, other: number) => column[one] === column[other] ? 0 : compareNames(texts[column[one] ?? 0] ?? '', texts[column[other] ?? 0] ?? '');
  return (one, other) => compare(layer, one, other) || compare(operation, one, other) || (type[one] ?? 0) - (type[other] ?? 0) || compare(shape, one, other);
}
