/** What a snapshot says, the plain way: a map of live buffers, walked through for every instant. The oracle of the fast analysis. */
import { categories, noBytes, sumBytes, type Bytes, type Category } from '../../src/protocol/samples';
import { eventKinds, type StepSnapshot } from '../../src/protocol/snapshot/stepSnapshot';

/** By event: the live buffers after it, each with the category that it counts for. */
export function naiveInstants(snapshot: StepSnapshot): Map<number, Category>[] {
  const { kind, buffer, category } = snapshot.events;
  const live = new Map<number, Category>();
  return [...kind].map((_, event) => {
    const which = buffer[event]!;
    if (eventKinds[kind[event]!] === 'died') live.delete(which);
    else live.set(which, categories[category[event]!]!);
    return new Map([...live].map(([other, now]) => [other, now === 'workspace' ? laterClaim(snapshot, other, event) : now]));
  });
}

export function naiveBytes({ buffers }: StepSnapshot, live: ReadonlyMap<number, Category>): Bytes {
  const bytes = noBytes();
  for (const [buffer, category] of live) bytes[category] += buffers.bytes[buffer]!;
  return bytes;
}

/** The first of the highest instants once everything that was there is counted. */
export function naivePeak(snapshot: StepSnapshot): number {
  const totals = naiveInstants(snapshot).map(live => sumBytes(naiveBytes(snapshot, live)));
  const first = Math.max(0, [...snapshot.events.kind].filter(kind => eventKinds[kind] === 'there').length - 1);
  return totals.indexOf(Math.max(...totals.slice(first)), first);
}

function laterClaim({ events: { kind, buffer, category } }: StepSnapshot, which: number, after: number): Category {
  for (let event = after + 1; event < kind.length; event++) {
    const becomes = categories[category[event]!]!;
    if (buffer[event] === which && eventKinds[kind[event]!] === 'moved' && becomes !== 'workspace') return becomes;
  }
  return 'workspace';
}
