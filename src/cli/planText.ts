/** A plan in words and tables for the terminal. */
import { formatCount, formatDuration, formatMegabytes, minus } from '../protocol/format';
import type { Plan, PlanPoint } from '../protocol/plan';
import { formatTable } from './table';

const kept = { peak: 'at the peak', stored: 'stored' } as const;

export interface PlanWords {
  readonly target: string;
  /** Settings on the command line, which the chosen point stands upon. */
  readonly set: readonly string[];
  /** Where the budget comes from, where that is a device. */
  readonly budgetIs?: string | undefined;
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
export function leastOf({ front, given, counted }: Plan): PlanPoint {
  return front.reduce((least, point) => (bytesOf(point, counted) < bytesOf(least, counted) ? point : least), given);
}

function pointText({ peakBytes, storedBytes, stepMs }: PlanPoint): string {
  return `${formatMegabytes(peakBytes)} at the peak, ${formatMegabytes(storedBytes)} stored${stepMs === undefined ? '' : `, ${timeText(stepMs)} a step`}`;
}

function suggestionTable({ suggestions, given, counted }: Plan): string {
  const rows = suggestions.map(point => [
    difference(bytesOf(point, counted) - bytesOf(given, counted)), timeChange(point, given), point.risk, point.words,
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
    return [place === chosen ? '>' : '', formatMegabytes(point.peakBytes), formatMegabytes(point.storedBytes), point.stepMs === undefined ? '' : timeText(point.stepMs), timeChange(point, given), point.risk, point.words];
  });
  return formatTable([['', 'peak', 'stored', 'step', 'time', 'risk', 'combination'], ...rows], [1, 2, 3, 4]);
}

function budgetText(plan: Plan, { target, set, budgetIs }: PlanWords): string[] {
  const { budgetBytes, chosen, front, counted } = plan;
  if (budgetBytes === undefined) return [];
  const budget = `${formatMegabytes(budgetBytes)} ${kept[counted]}${budgetIs === undefined ? '' : `, ${budgetIs}`}`;
  const best = chosen === undefined ? undefined : front[chosen];
  if (best === undefined) {
    const least = leastOf(plan);
    return [`Nothing fits ${budget}. The least that any combination reaches is ${formatMegabytes(bytesOf(least, counted))}: ${least.words} (risk: ${least.risk}).`];
  }
  const settings = [...set, ...Object.entries(best.changes).map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)];
  return [`Chosen for ${budget}: ${best.words}\n  ${pointText(best)}, risk: ${best.risk}\n  efcp train ${target}${settings.map(each => ` --set ${each}`).join('')}`];
}

function largestText({ largestBatch, budgetBytes, counted }: Plan): string[] {
  if (budgetBytes === undefined) return [];
  if (largestBatch === undefined) return ['As given, no batch fits.'];
  const { batchSize, unit, peakBytes, storedBytes } = largestBatch;
  return [`As given, up to ${formatCount(batchSize)} ${unit === 'batchSize' ? 'examples' : 'tokens'} a step fit: ${formatMegabytes(counted === 'peak' ? peakBytes : storedBytes)} ${kept[counted]}.`];
}

function bytesOf({ peakBytes, storedBytes }: PlanPoint, counted: Plan['counted']): number {
  return counted === 'peak' ? peakBytes : storedBytes;
}

function difference(bytes: number): string {
  return `${bytes < 0 ? minus : '+'}${formatMegabytes(Math.abs(bytes))}`;
}

function timeChange({ stepMs }: PlanPoint, given: PlanPoint): string {
  if (stepMs === undefined || given.stepMs === undefined || given.stepMs === 0) return '';
  const percent = Math.round(100 * (stepMs / given.stepMs - 1));
  return `${percent < 0 ? minus : '+'}${Math.abs(percent)} %`;
}

function timeText(ms: number): string {
  return ms < 1000 ? `${ms.toPrecision(3)} ms` : formatDuration(ms);
}
