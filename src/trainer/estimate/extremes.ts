/** The extremes of a recorded step, by the ledger's own rules (memory/ledger.ts), with bytes added that are held all the while. */
import { categories, noBytes, storedBytes, sumBytes, type Bytes, type Phase } from '../../protocol/samples';
import { bytesOf } from '../../protocol/snapshot/instant';
import { nowhere } from '../../protocol/snapshot/lives';
import { peakOf } from '../../protocol/snapshot/peak';
import { categoryNumber, eventKinds, type StepSnapshot } from '../../protocol/snapshot/stepSnapshot';

export interface Extremes {
  readonly peakBytes: number;
  readonly peakPhase: Phase;
  readonly bytesAtPeak: Bytes;
  /** The instant at which the sum of all categories but workspace is highest. */
  readonly storedPeak: Bytes;
  /** The most of each category, each at an instant of its own. */
  readonly most: Bytes;
}

const [there, died] = (['there', 'died'] as const).map(kind => eventKinds.indexOf(kind));
const { workspace } = categoryNumber;

/** `beside`: held from beginning to end, and in no buffer of the snapshot. */
export function extremesOf(snapshot: StepSnapshot, beside: Readonly<Bytes>): Extremes {
  const { total, phase, bytes } = peakOf(snapshot);
  return { peakBytes: total + sumBytes(beside), peakPhase: phase, bytesAtPeak: addedBytes(bytes, beside), ...highestByCategory(snapshot, beside) };
}

/** By what buffers count as at that moment, while the peak knows what became of them (protocol/snapshot/lives.ts). */
function highestByCategory({ buffers, events }: StepSnapshot, beside: Readonly<Bytes>): Pick<Extremes, 'storedPeak' | 'most'> {
  const live = Float64Array.from(categories, category => beside[category]);
  const inCategory = new Uint8Array(buffers.bytes.length).fill(nowhere);
  const most = live.slice();
  let stored = live.reduce((sum, bytes) => sum + bytes, 0) - (live[workspace] ?? 0);
  let [highest, atHighest] = [-1, live.slice()];
  const add = (category: number, bytes: number) => {
    if (category === nowhere) return;
    live[category] = (live[category] ?? 0) + bytes;
    most[category] = Math.max(most[category] ?? 0, live[category]);
    if (category !== workspace) stored += bytes;
  };
  for (let event = 0; event < events.kind.length; event++) {
    const [kind, buffer] = [events.kind[event], events.buffer[event] ?? 0];
    const bytes = buffers.bytes[buffer] ?? 0;
    add(inCategory[buffer] ?? nowhere, -bytes);
    const category = kind === died ? nowhere : events.category[event] ?? nowhere;
    add(category, bytes);
    inCategory[buffer] = category;
    // What was there came all at once.
    if (kind === there && events.kind[event + 1] === there) continue;
    if (stored > highest) [highest, atHighest] = [stored, live.slice()];
  }
  return { storedPeak: bytesOf(atHighest), most: bytesOf(most) };
}

/** Of an instant by itself. */
export function extremesAt(bytes: Bytes, peakPhase: Phase): Extremes {
  return { peakBytes: sumBytes(bytes), peakPhase, bytesAtPeak: bytes, storedPeak: bytes, most: bytes };
}

/** Of several stretches of a run together; at least one. */
export function joined(parts: readonly Extremes[]): Extremes {
  const highest = parts.reduce((best, each) => each.peakBytes > best.peakBytes ? each : best);
  const { storedPeak } = parts.reduce((best, each) => storedBytes(each.storedPeak) > storedBytes(best.storedPeak) ? each : best);
  const most = noBytes();
  for (const each of parts) for (const category of categories) most[category] = Math.max(most[category], each.most[category]);
  return { ...highest, storedPeak, most };
}

/** Of both together. */
export function addedBytes(first: Readonly<Bytes>, second: Readonly<Bytes>): Bytes {
  const sum = noBytes();
  for (const category of categories) sum[category] = first[category] + second[category];
  return sum;
}
