/** The highest instant of a step: to the byte what the ledger counts as its peak, category by category. */
import { instantAt, type Instant } from './instant';
import { livesOf, nowhere, type Lives } from './lives';
import type { StepSnapshot } from './stepSnapshot';

/** The first of several that are equally high, as in the ledger. */
export function peakOf(snapshot: StepSnapshot, lives = livesOf(snapshot)): Instant {
  return instantAt(lives, peakEvent(lives));
}

export function peakEvent(lives: Lives): number {
  let [highest, at, total] = [-1, -1, 0];
  const { first, last } = lives;
  for (let event = 0; event <= last; event++) {
    total += changeOf(lives, event);
    if (event < first || total <= highest) continue;
    [highest, at] = [total, event];
  }
  return at;
}

/** What an event adds to the live bytes, or takes. */
export function changeOf({ snapshot, from, to }: Lives, event: number): number {
  const [leaves, joins] = [from[event] === nowhere, to[event] === nowhere];
  if (leaves === joins) return 0;
  const size = snapshot.buffers.bytes[snapshot.events.buffer[event] ?? 0] ?? 0;
  return leaves ? size : -size;
}
