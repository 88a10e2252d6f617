/**
 * What recomputation and storing halves cost in time: passes of the model over a few examples, on stand-ins, under each way beside plain
 * ones, in turns. The share is taken to hold for slices of every size.
 */
import { keepAll, type Segment } from '../../gradients/recompute/segment';
import type { Settings } from '../../settings/knobs';
import { numbersIn, type SliceShape } from '../estimate/batchShapes';
import { readBy, type PassTime } from '../estimate/passTime';
import { takePasses, type Subject } from '../estimate/recordPasses';
import { withStandIns } from '../estimate/standIns';
import { clockOf } from './clock';
import { timedInTurns, type ProbeControl } from './timedInTurns';

export interface PassWay {
  readonly segments: readonly Segment[];
  readonly activationPrecision: Settings['activationPrecision'];
}

/** What one pass may take, all of them together, and how often each is made at most. */
const momentMs = 60;
const mostMs = 2500;
const turns = 5;
/** Times differ by so much for no reason. */
const grain = 0.01;

export function wayKey({ segments, activationPrecision }: PassWay): string {
  return [activationPrecision, ...segments.map(({ from, to, recompute }) => `${from} ${to} ${recompute}`)].join();
}

/** Times of each way as shares of plain passes, by key; what there was no time for is left out. `dense`: settings of plain passes. */
export async function probePasses(subject: Subject, dense: Settings, slice: SliceShape, plain: PassTime, ways: readonly PassWay[], control: ProbeControl): Promise<Map<string, number>> {
  const examples = Math.max(1, Math.min(slice.examples, Math.floor((momentMs - plain.fixedMs) / Math.max(plain.msANumber * numbersIn({ ...slice, examples: 1 }), 1e-3))));
  const clock = clockOf(subject.backend.name);
  const base: PassWay = { segments: keepAll(subject.model), activationPrecision: 'float32' };
  const times = await withStandIns(subject.model, dense, (weights, ledger) => timedInTurns([base, ...ways].map(({ segments, activationPrecision }) => async () => {
    const begun = clock();
    await takePasses(subject, { settings: { ...dense, activationPrecision }, slice, examples, slices: 1, segments }, weights, ledger, readBy(subject.backend));
    return clock() - begun;
  }), { ...control, turns, mostMs }));
  const [baseMs, ...others] = times;
  const shareAt = (index: number): number | undefined => {
    const ms = wayKey(ways[index] ?? base) === wayKey(base) ? baseMs : others[index];
    return baseMs === undefined || ms === undefined ? undefined : Math.round(ms / baseMs / grain) * grain;
  };
  return new Map(ways.flatMap((way, index) => {
    const share = shareAt(index);
    if (share === undefined) return [];
    // Computing again is work on top of all other: what seems to take no longer without it is noise.
    const without = recomputes(way) ? ways.findIndex(other => !recomputes(other) && other.activationPrecision === way.activationPrecision) : -1;
    const least = recomputes(way) ? (without < 0 ? 1 : shareAt(without) ?? 1) + grain : 0;
    return [[wayKey(way), Math.max(share, least)] as const];
  }));
}

function recomputes({ segments }: PassWay): boolean {
  return segments.some(({ recompute }) => recompute);
}
