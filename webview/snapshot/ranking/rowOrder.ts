/** In which order the rows of the ranking stand. */
import type { Order } from '../../../src/protocol/snapshot/firstOf';
import { mostBytes, type Grouping, type Groups } from '../../../src/protocol/snapshot/ranking';
import type { SnapshotBuffers } from '../../../src/protocol/snapshot/stepSnapshot';
import { labelOf } from '../words';
import { compareNames } from './nameOrder';
import type { TextOrder } from './textOrder';

export type Sort = 'name' | 'bytes' | 'count';

export function rowOrder(buffers: SnapshotBuffers, texts: TextOrder, by: Grouping, groups: Groups, sort: Sort, ascending: boolean): Order {
  const first = sort === 'name' ? byName(buffers, texts, by) : sort === 'count' ? byCount(groups) : mostBytes(groups.bytes);
  // Names come from A, figures from the most.
  return ascending === (sort === 'name') ? first : (one, other) => first(other, one);
}

function byCount({ bytes, several }: Groups): Order {
  const most = mostBytes(bytes);
  return several === undefined ? most : (one, other) => (several.count[other] ?? 0) - (several.count[one] ?? 0) || most(one, other);
}

/** What is not known first; buffers by what their names are made of. */
function byName({ layer, operation, type, shape }: SnapshotBuffers, texts: TextOrder, by: Grouping): Order {
  if (by === 'category') return (one, other) => compareNames(labelOf(one), labelOf(other));
  const { places } = texts;
  if (by !== 'buffer') return (one, other) => (places[one] ?? 0) - (places[other] ?? 0);
  const compare = (column: Uint32Array, one: number, other: number) => (places[column[one] ?? 0] ?? 0) - (places[column[other] ?? 0] ?? 0);
  return (one, other) => compare(layer, one, other) || compare(operation, one, other) || (type[one] ?? 0) - (type[other] ?? 0) || compare(shape, one, other) || one - other;
}
