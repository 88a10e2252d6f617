/** What a point of a plan promised, beside what was measured once it was applied. */
import { countedBytes } from '../../src/protocol/countedBytes';
import { formatMegabytes, formatRelativeChange } from '../../src/protocol/format';
import type { Plan, PlanPoint } from '../../src/protocol/plan';
import { relativeError } from '../../src/protocol/relativeError';
import type { RunState } from '../../src/protocol/runState';
import { outcomeOf, type Outcome } from '../../src/protocol/stretches';
import { timeMark } from '../../src/protocol/timeMark';

export interface Applied {
  readonly point: PlanPoint;
  readonly plan: Plan;
  /** How many changes the run had before. */
  readonly changes: number;
}

export function verificationWords({ point, plan, changes }: Applied, state: RunState): string {
  const index = state.changes.findIndex(({ to }, place) => place >= changes && Object.entries(point.changes).every(([name, value]) => JSON.stringify(to[name]) === JSON.stringify(value)));
  const predicted = countedBytes(point, plan);
  const promise = `${point.words}: predicted ${formatMegabytes(predicted)}`;
  if (index < 0) return `${promise}; waiting for the change.`;
  const stretch = state.stretches[index + 1];
  const measured = stretch === undefined || stretch.samples < 2 ? undefined : plan.counted === 'peak' ? stretch.peakBytes : stretch.storedBytes;
  if (measured === undefined) return `${promise}; measuring …`;
  const error = relativeError(predicted, measured);
  return `${promise}, measured ${formatMegabytes(measured)}${error === undefined ? '' : ` (error ${formatRelativeChange(error)})`}${timeWords(point, plan, outcomeOf(state.stretches, index))}.`;
}

/** Of the step, as a share of what it took before: so the machine's speed of the moment is on both sides. */
function timeWords({ stepMs, timed }: PlanPoint, { given }: Plan, outcome: Outcome | undefined): string {
  if (stepMs === undefined || given.stepMs === undefined || given.stepMs === 0 || outcome?.stepMs === undefined || !outcome.stepMsBefore) return '';
  return `; step predicted ${timeMark(timed)}${formatRelativeChange(stepMs / given.stepMs - 1)}, measured ${formatRelativeChange(outcome.stepMs / outcome.stepMsBefore)}`;
}
