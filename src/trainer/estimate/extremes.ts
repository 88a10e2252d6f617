/** The extremes of a recorded step, by the ledger's own rules (memory/ledger.ts), with bytes added that are held all the while. */
import { categories, noBytes, storedBytes, sumBytes, type Bytes, type Phase } from '../../protocol/samples';
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

const [there, moved, died] = (['there', 'moved', 'died'] as const).map(kind => eventKinds.indexOf(kind));
const { workspace } = categoryNumber;

/** `beside`: held from beginning to end, and in no buffer of the snapshot. */
export function extremesOf({ buffers, events }: StepSnapshot, beside: Readonly<Bytes>, phaseOf: (number: number) => Phase): Extremes {
  const live = Float64Array.from(categories, category => beside[category]);
  const inCategory = new Uint8Array(buffers.bytes.length);
  const most = live.slice();
  let total = live.reduce((sum, bytes) => sum + bytes, 0);
  let [peak, peakPhase, atPeak, bornByPeak] = [-1, 0, live.slice(), 0];
  let [stored, atStored, born] = [-1, live.slice(), 0];
  const add = (category: number, bytes: number) => {
    live[category] = (live[category] ?? 0) + bytes;
    most[category] = Math.max(most[category] ?? 0, live[category]);
  };
  for (let event = 0; event < events.kind.length; event++) {
    const [kind, buffer, category] = [events.kind[event], events.buffer[event] ?? 0, events.category[event] ?? 0];
    const bytes = buffers.bytes[buffer] ?? 0;
    if (kind === died) {
      add(category, -bytes);
      total -= bytes;
      continue;
    }
    if (kind === moved) {
      const before = inCategory[buffer] ?? 0;
      add(before, -bytes);
      add(category, bytes);
      if (before === workspace && buffer < bornByPeak) {
        atPeak[before] = (atPeak[before] ?? 0) - bytes;
        atPeak[category] = (atPeak[category] ?? 0) + bytes;
      }
    } else {
      add(category, bytes);
      total += bytes;
      born = buffer + 1;
    }
    inCategory[buffer] = category;
    // What was there came all at once.
    if (kind === there && events.kind[event + 1] === there) continue;
    if (total > peak) [peak, peakPhase, atPeak, bornByPeak] = [total, events.phase[event] ?? 0, live.slice(), born];
    const storedNow = total - (live[workspace] ?? 0);
    if (storedNow > stored) [stored, atStored] = [storedNow, live.slice()];
  }
  return { peakBytes: Math.max(peak, 0), peakPhase: phaseOf(peakPhase), bytesAtPeak: recordOf(atPeak), storedPeak: recordOf(atStored), most: recordOf(most) };
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

function recordOf(sums: Float64Array): Bytes {
  const bytes = noBytes();
  categories.forEach((category, at) => { bytes[category] = sums[at] ?? 0; });
  return bytes;
}
