/**
 * Milliseconds of forward and backward passes on this machine now, as a straight line in the examples: what a pass takes however few there
 * are, and what each adds. Measured on stand-ins, on one example and on as many as take a moment; where one takes longer than that
 * already, on it alone.
 */
import { performance } from 'node:perf_hooks';
import type { Backend } from '../../backends/backend';
import type { GradientRequest } from '../../gradients/gradientSource';
import { keepAll } from '../../gradients/recompute/segment';
import type { Settings } from '../../settings/knobs';
import type { SliceShape } from './batchShapes';
import { takePasses, type Subject } from './recordPasses';
import { withStandIns } from './standIns';

export interface PassTime {
  readonly fixedMs: number;
  readonly msAnExample: number;
}

/** What a measurement may take, what is too long to be repeated, and the most examples of one. */
const momentMs = 100;
const longMs = 500;
const most = 64;

/** Without recomputation, whose share of the operations is known exactly. */
export function measurePassTime(subject: Subject, settings: Settings, slice: SliceShape): Promise<PassTime> {
  const segments = keepAll(subject.model);
  const { read } = subject.backend;
  return withStandIns(subject.model, settings, async (weights, ledger) => {
    const time = async (examples: number): Promise<number> => {
      const begun = performance.now();
      await takePasses(subject, { settings, slice, examples, slices: 1, segments }, weights, ledger, read === undefined ? { receive: () => undefined } : readAll(read));
      return performance.now() - begun;
    };
    const first = await time(1);
    // A device translates its programs the first time, which takes many times longer than the passes.
    const translates = read !== undefined;
    if (first > longMs && !translates) return { fixedMs: 0, msAnExample: first };
    const warm = async (examples: number): Promise<number> => {
      if (translates) await time(examples);
      return time(examples);
    };
    // The first was in code not yet compiled.
    const one = await time(1);
    const few = Math.min(slice.examples, most, Math.max(4, Math.floor(momentMs / one)));
    if (few === 1) return { fixedMs: 0, msAnExample: one };
    const ofFew = await warm(few);
    // Where a few take hardly longer than one, what an example adds shows only in many.
    const isParallel = translates && ofFew < 2 * one;
    const [many, ofMany] = isParallel ? [Math.min(slice.examples, most), await warm(Math.min(slice.examples, most))] : [few, ofFew];
    const msAnExample = Math.max(0, (ofMany - one) / (many - 1));
    return { fixedMs: Math.max(0, one - msAnExample), msAnExample };
  });
}

/** Operations are only queued until somebody waits for what they make. */
function readAll(read: NonNullable<Backend['read']>): Pick<GradientRequest, 'receive' | 'arrived'> {
  const arrivals: Promise<unknown>[] = [];
  return { receive: (_, gradient) => { arrivals.push(read(gradient)); }, arrived: async () => { await Promise.all(arrivals); } };
}
