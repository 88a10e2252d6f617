/**
 * Milliseconds of forward and backward passes on this machine now, as a straight line in the examples: what a pass takes however few there
 * are, and what each adds. Measured on stand-ins, on one example and on as many as take a moment; where one takes longer than that
 * already, on it alone.
 */
import { performance } from 'node:perf_hooks';
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
  return withStandIns(subject.model, settings, async (weights, ledger) => {
    const time = async (examples: number): Promise<number> => {
      const begun = performance.now();
      await takePasses(subject, { settings, slice, examples, slices: 1, segments }, weights, ledger, () => undefined);
      return performance.now() - begun;
    };
    const first = await time(1);
    if (first > longMs) return { fixedMs: 0, msAnExample: first };
    // The first was in code not yet compiled.
    const one = await time(1);
    const many = Math.min(slice.examples, most, Math.max(4, Math.floor(momentMs / one)));
    if (many === 1) return { fixedMs: 0, msAnExample: one };
    const msAnExample = Math.max(0, (await time(many) - one) / (many - 1));
    return { fixedMs: Math.max(0, one - msAnExample), msAnExample };
  });
}
