/** Rows of the bench of the optimizers, all of one size, as a table for a terminal. */
import type { BenchRow } from '../bench/optimizers/optimizersBench';
import { formatBytes, formatCount, formatShare } from '../protocol/format';
import { formatTable } from './table';

const head = ['recipe', 'window', 'keeps', 'step ms', 'Top-K', 'dots', 'solve', 'combine', 'read ms', 'x read', 'plain ms', 'x plain', 'state', 'formula', 'B/parameter'];

export function benchTable(rows: readonly BenchRow[]): string {
  const [first] = rows;
  const body = rows.map(row => [
    row.recipe, row.window === null ? '' : String(row.window), keeps(row), milliseconds(row.stepMs),
    ...[row.parts.topK, row.parts.dots, row.parts.solve, row.parts.combine, row.readWindowMs].map(milliseconds),
    ratio(row.stepMs, row.readWindowMs), milliseconds(row.plainJsMs), ratio(row.plainJsMs, row.stepMs),
    formatBytes(row.stateBytes), row.stateBytes === row.formulaBytes ? 'equal' : `${formatCount(row.stateBytes - row.formulaBytes)} B off`, row.bytesPerParameter.toFixed(2),
  ]);
  return `d = ${formatCount(first?.dim ?? 0)}, ${first?.compute ?? ''}\n${formatTable([head, ...body], head.map((_, column) => column).slice(1))}`;
}

function keeps({ density, rank }: BenchRow): string {
  return density !== null ? formatShare(density) : rank !== null ? `rank ${rank}` : 'all';
}

/** Nothing for what a recipe does not have. */
function milliseconds(value: number | null): string {
  return value === null ? '' : threeDigits(value);
}

function ratio(value: number | null, unit: number | null): string {
  return value === null || unit === null ? '' : threeDigits(value / unit);
}

function threeDigits(value: number): string {
  return value >= 99.95 ? value.toFixed(0) : value.toPrecision(3);
}
