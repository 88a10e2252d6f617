/** The peak of a step snapshot by the definition, event by event and without any index: an oracle. */
import { categories, noBytes, phases, sumBytes, type Bytes, type Phase } from '../../src/protocol/samples';
import { eventKinds, type StepSnapshot } from '../../src/protocol/snapshot/stepSnapshot';

export interface PeakByDefinition {
  readonly peakBytes: number;
  readonly bytesAtPeak: Bytes;
  readonly peakPhase: Phase;
  /** Numbers of the buffers that live then. */
  readonly buffers: readonly number[];
}

/** What is workspace at the peak and is claimed later counts as what it became first. */
export function peakByDefinition({ buffers: { bytes }, events }: StepSnapshot): PeakByDefinition {
  const kindOf = (at: number) => eventKinds[events.kind[at]!]!;
  const categoryOf = (at: number) => categories[events.category[at]!]!;
  let [live, highest, instant] = [0, -1, -1];
  for (let at = 0; at < events.kind.length; at++) {
    const size = bytes[events.buffer[at]!]!;
    if (kindOf(at) === 'died') live -= size;
    else if (kindOf(at) !== 'moved') live += size;
    // All that is there already is one instant.
    if (kindOf(at + 1) !== 'there' && live > highest) [highest, instant] = [live, at];
  }
  const alive = new Map<number, (typeof categories)[number]>();
  for (let at = 0; at <= instant; at++) {
    if (kindOf(at) === 'died') alive.delete(events.buffer[at]!);
    else alive.set(events.buffer[at]!, categoryOf(at));
  }
  for (let at = instant + 1; at < events.kind.length; at++) {
    const number = events.buffer[at]!;
    if (kindOf(at) === 'moved' && alive.get(number) === 'workspace') alive.set(number, categoryOf(at));
  }
  const bytesAtPeak = noBytes();
  for (const [number, category] of alive) bytesAtPeak[category] += bytes[number]!;
  if (sumBytes(bytesAtPeak) !== highest) throw new Error('The sum of what lives at the peak is not the peak.');
  return { peakBytes: highest, bytesAtPeak, peakPhase: phases[events.phase[instant]!]!, buffers: [...alive.keys()] };
}
