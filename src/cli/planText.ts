/** A plan in words and tables for the terminal. */
import { countedBytes } from '../protocol/countedBytes';
import { formatCount, formatMegabyteChange, formatMegabytes, formatMilliseconds, formatRelativeChange } from '../protocol/format';
import type { Plan, PlanPoint } from '../protocol/plan';
import { timeMark } from '../protocol/timeMark';
import { assignmentOf } from '../settings/assignment';
import { knobs } from '../settings/knobTable';
import type { MeasuredSteps } from '../trainer/measureSteps';
import { formatTable } from './table';

const kept = { peak: 'at the peak', stored: 'stored' } as const;

export interface PlanWords {
  readonly target: string;
  /** Settings on the command line, which the chosen point stands upon. */
  readonly set: readonly string[];
  /** Where the budget comes from, where that is a device. */
  readonly budgetIs?: string | undefined;
  /** With the chosen settings, where that was asked for. */
  readonly measured?: MeasuredSteps | undefined;
}

export function planText(plan: Plan, words: PlanWords): string {
  const { given, suggestions, front, assumptions, weighed } = plan;
  return [
    `Given: ${pointText(given)}`,
    suggestions.length === 0 ? 'No single change saves anything.' : `One change at a time\n${suggestionTable(plan)}`,
    `What no other combination beats in bytes, time and risk: ${shownOf(plan).length} of ${front.length}, from ${formatCount(weighed)}\n${frontTable(plan)}`,
    ...budgetText(plan, words), ...largestText(plan),
    `Assumptions\n${assumptions.map(line => `  ${line}`).join('\n')}`,
  ].join('\n\n');
}

/** The least that there is, where nothing fits. */
export function leastOf(plan: Plan): PlanPoint {
  return plan.front.reduce((least, point) => (countedBytes(point, plan) < countedBytes(least, plan) ? point : least), plan.given);
}

function pointText(point: PlanPoint): string {
  const { peakBytes, storedBytes } = point;
  return `${formatMegabytes(peakBytes)} at the peak, ${formatMegabytes(storedBytes)} stored${point.stepMs === undefined ? '' : `, ${stepText(point)} a step`}`;
}

function suggestionTable(plan: Plan): string {
  const { suggestions, given } = plan;
  const rows = suggestions.map(point => [
    formatMegabyteChange(countedBytes(point, plan) - countedBytes(given, plan)), timeChange(point, given), point.risk, point.words,
  ]);
  return formatTable([['bytes', 'time', 'risk', 'change'], ...rows], [0, 1]);
}

/** More points than this would hide one another. */
const mostShown = 24;

/** The chosen one, those at the ends, and of the others evenly many. */
function shownOf({ front, chosen }: Plan): number[] {
  const stride = Math.max(1, (front.length - 1) / (mostShown - 1));
  const even = Array.from({ length: Math.min(front.length, mostShown) }, (_, index) => Math.round(index * stride));
  return [...new Set([...even, ...chosen === undefined ? [] : [chosen]])].sort((a, b) => a - b);
}

function frontTable(plan: Plan): string {
  const { front, given, chosen } = plan;
  const rows = shownOf(plan).map(place => {
    const point = front[place] as PlanPoint;
    return [place === chosen ? '>' : '', formatMegabytes(point.peakBytes), formatMegabytes(point.storedBytes), stepText(point), timeChange(point, given), point.risk, point.words];
  });
  return formatTable([['', 'peak', 'stored', 'step', 'time', 'risk', 'combination'], ...rows], [1, 2, 3, 4]);
}

function budgetText(plan: Plan, { target, set, budgetIs, measured }: PlanWords): string[] {
  const { budgetBytes, chosen, front } = plan;
  if (budgetBytes === undefined) return [];
  const budget = `${formatMegabytes(budgetBytes)} ${kept[plan.counted]}${budgetIs === undefined ? '' : `, ${budgetIs}`}`;
  const best = chosen === undefined ? undefined : front[chosen];
  if (best === undefined) {
    const least = leastOf(plan);
    return [`Nothing fits ${budget}. The least that any combination reaches is ${formatMegabytes(countedBytes(least, plan))}: ${least.words} (risk: ${least.risk}).`];
  }
  const settings = [...set, ...Object.entries(best.changes).map(([name, value]) => assignmentOf(name, value))];
  return [`Chosen for ${budget}: ${best.words}\n  ${pointText(best)}, risk: ${best.risk}\n  efcp train ${target}${settings.map(each => ` --set ${each}`).join('')}`, ...measured === undefined ? [] : [measuredText(measured, best, plan)]];
}

function measuredText(measured: MeasuredSteps, predicted: PlanPoint, plan: Plan): string {
  const beside = (value: number, other: number | undefined) => (other === undefined || other === 0 ? '' : ` (${formatRelativeChange(value / other - 1)})`);
  const bytes = (name: 'peakBytes' | 'storedBytes') => `${formatMegabytes(measured[name])}${beside(measured[name], predicted[name])}`;
  const fits = plan.budgetBytes === undefined || countedBytes(measured, plan) <= plan.budgetBytes ? 'it fits' : 'it does not fit';
  return `Measured in ${measured.steps} steps, beside what was predicted: ${bytes('peakBytes')} at the peak, ${bytes('storedBytes')} stored, ${formatMilliseconds(measured.stepMs)}${beside(measured.stepMs, predicted.stepMs)} a step; ${fits}.`;
}

function largestText(plan: Plan): string[] {
  const { largestBatch, budgetBytes } = plan;
  if (budgetBytes === undefined) return [];
  if (largestBatch === undefined) return ['As given, no batch fits.'];
  const { batchSize, unit } = largestBatch;
  const most = batchSize === knobs[unit].max ? ', the most that there may be,' : '';
  return [`As given, up to ${formatCount(batchSize)} ${unit === 'batchSize' ? 'examples' : 'tokens'} a step${most} fit: ${formatMegabytes(countedBytes(largestBatch, plan))} ${kept[plan.counted]}.`];
}

function stepText({ stepMs, timed }: PlanPoint): string {
  return stepMs === undefined ? '' : `${timeMark(timed)}${formatMilliseconds(stepMs)}`;
}

function timeChange({ stepMs, timed }: PlanPoint, given: PlanPoint): string {
  if (stepMs === undefined || given.stepMs === undefined || given.stepMs === 0) return '';
  return `${timeMark(timed)}${formatRelativeChange(stepMs / given.stepMs - 1)}`;
}
