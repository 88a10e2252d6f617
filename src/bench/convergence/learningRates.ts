/**
 * The ladder of learning rates that every method is tuned over: 1, 3, 10, 30, ... and 0.3, 0.1, 0.03, ...
 * A method starts on a few rungs; where its best is the lowest or the highest of them, the ladder goes on.
 */
import { median } from '../statistics';
import type { Outcome } from './outcome';

export interface Trial {
  readonly learningRate: number;
  /** One of each seed. */
  readonly outcomes: readonly Outcome[];
  /** Of their losses. */
  readonly median: number;
}

export interface Tuned {
  /** In ascending order of their learning rates. */
  readonly trials: readonly Trial[];
  readonly best: Trial;
  /** Whether the best is the lowest or highest tried, because the ladder ended: it may get better still. */
  readonly isAtEdge: boolean;
}

/** Rung 0 is 1, rung 1 is 3, rung -1 is 0.3. */
export function rung(index: number): number {
  return Number(`${index % 2 === 0 ? 1 : 3}e${Math.floor(index / 2)}`);
}

/** So many rungs may be added to those a method starts on, at either end. */
const mostAdded = 6;

export async function tune(first: number, last: number, attempt: (learningRate: number) => Promise<readonly Outcome[]>): Promise<Tuned> {
  const trials = new Map<number, Trial>();
  const visit = async (index: number): Promise<void> => {
    const learningRate = rung(index);
    const outcomes = await attempt(learningRate);
    trials.set(index, { learningRate, outcomes, median: median(outcomes.map(({ loss }) => loss)) });
  };
  let [low, high] = [first, last];
  for (let index = first; index <= last; index++) await visit(index);
  for (;;) {
    const best = bestOf(trials);
    const next = best === high && high < last + mostAdded ? ++high : best === low && low > first - mostAdded ? --low : undefined;
    if (next === undefined) break;
    await visit(next);
  }
  const index = bestOf(trials);
  const sorted = [...trials].sort(([a], [b]) => a - b).map(([, trial]) => trial);
  return { trials: sorted, best: trials.get(index) ?? { learningRate: rung(index), outcomes: [], median: Number.NaN }, isAtEdge: index === low || index === high };
}

/** The rung of the smallest median, the lowest of equals. */
function bestOf(trials: ReadonlyMap<number, Trial>): number {
  let [best, smallest] = [Number.NaN, Number.POSITIVE_INFINITY];
  for (const [index, { median: value }] of [...trials].sort(([a], [b]) => a - b)) {
    if (Number.isNaN(best) || value < smallest) [best, smallest] = [index, value];
  }
  return best;
}
