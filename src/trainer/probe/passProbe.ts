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

export interface ProbedPasses {
  /** Of passes in float32 that recompute nothing. */
  readonly plain: PassTime;
  /** Of the time of these, by key; what there was no time for is left out. */
  readonly shares: ReadonlyMap<string, number>;
}

/** `dense`: settings of plain passes. `rough`: what they take, to choose how many examples make a moment. */
export async function probePasses(subject: Subject, dense: Settings, slice: SliceShape, rough: PassTime, ways: readonly PassWay[], control: ProbeControl): Promise<ProbedPasses> {
  const anExample = numbersIn({ ...slice, examples: 1 });
  const most = Math.max(1, Math.min(slice.examples, Math.floor((momentMs - rough.fixedMs) / Math.max(anExample * rough.msANumber, 1e-3))));
  const clock = clockOf(subject.backend.name);
  const base: PassWay = { segments: keepAll(subject.model), activationPrecision: 'float32' };
  const times = await withStandIns(subject.model, dense, async (weights, ledger) => {
    const timed = ({ segments, activationPrecision }: PassWay, examples: number) => async () => {
      const begun = clock();
      await takePasses(subject, { settings: { ...dense, activationPrecision }, slice, examples, slices: 1, segments }, weights, ledger, readBy(subject.backend));
      return clock() - begun;
    };
    // The first of a kind is in code not yet compiled, and there may not be time for a second turn.
    for (const way of new Map([base, ...ways].map(each => [`${each.activationPrecision} ${recomputes(each)}`, each])).values()) await timed(way, 1)();
    return timedInTurns([timed(base, 1), timed(base, most), ...ways.map(way => timed(way, most))], { ...control, turns, mostMs });
  });
  const [oneMs = rough.fixedMs + anExample * rough.msANumber, baseMs, ...others] = times;
  return { plain: lineThrough(oneMs, baseMs ?? oneMs, most, anExample), shares: sharesOf(ways, others, baseMs ?? Infinity, base) };
}

function lineThrough(oneMs: number, manyMs: number, many: number, numbersAnExample: number): PassTime {
  const msAnExample = many === 1 ? Math.min(oneMs, manyMs) : Math.min(manyMs / many, Math.max(0, manyMs - oneMs) / (many - 1));
  return { fixedMs: many === 1 ? 0 : manyMs - many * msAnExample, msANumber: msAnExample / numbersAnExample };
}

function sharesOf(ways: readonly PassWay[], times: readonly (number | undefined)[], baseMs: number, base: PassWay): Map<string, number> {
  const shareAt = (index: number): number | undefined => {
    const ms = wayKey(ways[index] ?? base) === wayKey(base) ? baseMs : times[index];
    return ms === undefined || baseMs === Infinity ? undefined : Math.round(ms / baseMs / grain) * grain;
  };
  return new Map(ways.flatMap((way, index) => {
    const share = shareAt(index);
    if (share === undefined) return [];
    // Computing again is work on top of all other: what seems to take no longer with it is noise.
    const without = recomputes(way) ? ways.findIndex(other => !recomputes(other) && other.activationPrecision === way.activationPrecision) : -1;
    const least = recomputes(way) ? (without < 0 ? 1 : shareAt(without) ?? 1) + grain : 0;
    return [[wayKey(way), Math.max(share, least)] as const];
  }));
}

function recomputes({ segments }: PassWay): boolean {
  return segments.some(({ recompute }) => recompute);
}
