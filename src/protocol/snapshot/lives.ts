/**
 * When each buffer of a snapshot lives, and for what. One rule decides what for, here and in the ledger: workspace that is claimed later
 * counts from its birth as what it became, since what a result is for is known only when it is finished.
 *
 * An instant is the number of the event that it follows. Those before everything that was there is counted are none.
 * Time: two passes over the events. Bytes held: 2 an event, 9 a buffer, and 9 a move.
 */
import { categoryNumber, eventKinds, type StepSnapshot } from './stepSnapshot';

/** No category: bytes that come from nowhere, or go there. */
export const nowhere = 255;

export interface Lives {
  readonly snapshot: StepSnapshot;
  /** By buffer: the first instant at which it is alive, and the first at which it no longer is. */
  readonly birth: Uint32Array;
  readonly death: Uint32Array;
  /** By buffer: the category that it is born in. */
  readonly bornIn: Uint8Array;
  /** Later changes of category, in order. */
  readonly moves: { readonly event: Uint32Array; readonly buffer: Uint32Array; readonly category: Uint8Array };
  /** By event: the categories that its buffer leaves and joins. */
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  /** The first and the last instant; 0 and -1 where nothing happened. */
  readonly first: number;
  readonly last: number;
}

const [there, moved, died] = (['there', 'moved', 'died'] as const).map(kind => eventKinds.indexOf(kind));

export function livesOf(snapshot: StepSnapshot): Lives {
  const { kind, buffer } = snapshot.events;
  const to = settledCategories(snapshot);
  const from = new Uint8Array(kind.length).fill(nowhere);
  const count = snapshot.buffers.bytes.length;
  const birth = new Uint32Array(count).fill(kind.length);
  const death = new Uint32Array(count).fill(kind.length);
  const bornIn = new Uint8Array(count).fill(nowhere);
  const now = new Uint8Array(count).fill(nowhere);
  const movedAt: number[] = [];
  for (let event = 0; event < kind.length; event++) {
    const which = buffer[event] ?? 0;
    const [before, after] = [now[which] ?? nowhere, to[event] ?? nowhere];
    now[which] = after;
    if (before === after) {
      to[event] = nowhere;
      continue;
    }
    from[event] = before;
    if (kind[event] === died) death[which] = event;
    else if (kind[event] === moved) movedAt.push(event);
    else [birth[which], bornIn[which]] = [event, after];
  }
  const event = Uint32Array.from(movedAt);
  const moves = { event, buffer: event.map(at => buffer[at] ?? 0), category: Uint8Array.from(event, at => to[at] ?? nowhere) };
  return { snapshot, birth, death, bornIn, moves, from, to, first: firstInstant(kind), last: kind.length - 1 };
}

/** By event: the category of its buffer from then on. Backwards, since the future decides. */
function settledCategories({ events: { kind, buffer, category }, buffers }: StepSnapshot): Uint8Array {
  const settled = new Uint8Array(kind.length).fill(nowhere);
  const later = new Uint8Array(buffers.bytes.length).fill(nowhere);
  for (let event = kind.length - 1; event >= 0; event--) {
    if (kind[event] === died) continue;
    const which = buffer[event] ?? 0;
    const becomes = later[which] ?? nowhere;
    const own = category[event] ?? nowhere;
    settled[event] = later[which] = own === categoryNumber.workspace && becomes !== nowhere ? becomes : own;
  }
  return settled;
}

/** When all that was there is. */
function firstInstant(kind: Uint8Array): number {
  let event = 0;
  while (event + 1 < kind.length && kind[event + 1] === there) event++;
  return event;
}
