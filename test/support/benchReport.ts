/** Figures of `npm run bench`: collected while the bench files run, printed as one table at the end. */
import { strict as assert } from 'node:assert';
import { after } from 'mocha';

/** What a figure has to meet. */
export type Bar = { readonly atMost: number } | { readonly atLeast: number };

interface Row { readonly name: string; readonly measured: number; readonly unit: string; readonly bar: Bar | undefined }

const rows: Row[] = [];

/** Notes one figure; a bar that it misses fails the run, after the table was printed. Without a bar it is only shown. */
export function report(name: string, measured: number, unit: string, bar?: Bar): void {
  rows.push({ name, measured, unit, bar });
}

after('every figure meets its bar', () => {
  const table = [['figure', 'measured', 'bar', ''], ...rows.map(row => [row.name, `${format(row.measured)} ${row.unit}`, barText(row), verdict(row)])];
  const widths = [0, 1, 2].map(column => Math.max(...table.map(cells => cells[column]!.length)));
  console.log(`\n${table.map(cells => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n')}\n`);
  const missed = rows.filter(row => !isMet(row)).map(row => row.name);
  assert.ok(rows.length > 0, 'no figure was reported');
  assert.deepEqual(missed, [], 'figures that miss their bar');
});

/** A figure that could not be computed (NaN) meets no bar. */
function isMet({ measured, bar }: Row): boolean {
  if (bar === undefined) return true;
  return 'atMost' in bar ? measured <= bar.atMost : measured >= bar.atLeast;
}

function barText({ bar, unit }: Row): string {
  if (bar === undefined) return '';
  return 'atMost' in bar ? `<= ${format(bar.atMost)} ${unit}` : `>= ${format(bar.atLeast)} ${unit}`;
}

function verdict(row: Row): string {
  if (row.bar === undefined) return '';
  return isMet(row) ? 'ok' : 'MISSED';
}

function format(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}
