/** A chart of one diagnostic figure: where steps were measured, nothing in between. */
import type { DiagnosticName, DiagnosticsSample } from '../../src/protocol/diagnostics';
import { formatCount } from '../../src/protocol/format';
import type { SampleEvent } from '../../src/protocol/runEvents';
import { absent, shortest } from '../format';
import type { ChartSpec } from './chartSpec';
import { niceRange } from './niceRange';

export interface Figure {
  readonly name: DiagnosticName;
  readonly title: string;
  readonly caption: string;
  readonly help: string;
  /** What the figure is in symbols, beside its latest value. */
  readonly symbols: string;
  readonly scaleType: 'linear' | 'logarithmic';
  format(value: number): string;
  /** Ends that a linear axis has whatever the values are. */
  readonly ends?: { readonly min: number; readonly max: number };
  /** More columns for the table. */
  readonly beside?: readonly { readonly name: DiagnosticName; readonly column: string; readonly format: (value: number) => string }[];
}

/** Free room above the curve for the labels of changes, and on a logarithmic axis below it too. */
const headroom = 1.25;
const marks = 4;

export function figureChart(figure: Figure): ChartSpec {
  const { name, title, caption, help, symbols, scaleType } = figure;
  const columns = [{ name, column: symbols, format: (value: number) => figure.format(value) }, ...figure.beside ?? []];
  return {
    name, title, caption, help, scaleType, stacked: false, markersAt: 'top', numbersOnly: true,
    format: value => figure.format(value),
    mark: value => scaleType === 'logarithmic' ? shortest(value) : figure.format(value),
    lines: palette => [{ label: symbols, data: [], borderColor: palette.train, backgroundColor: palette.train, fill: false }],
    fill: ([line], { points }) => { if (line !== undefined) line.data = measured(points, name).map(({ step, value }) => ({ x: step, y: scaleType === 'linear' || value > 0 ? value : Number.NaN })); },
    range: ({ points }) => rangeOf(figure, measured(points, name).map(({ value }) => value)),
    legend: ({ points }) => {
      const latest = lastMeasured(points, name);
      return [{ label: symbols, swatch: 'line train', value: latest === undefined ? '' : figure.format(latest.value) }];
    },
    summary: ({ points }) => {
      const [first, latest] = [measured(points, name)[0], lastMeasured(points, name)];
      if (first === undefined || latest === undefined) return 'Not measured yet.';
      const at = ({ value, step }: Measured) => `${figure.format(value)} at step ${formatCount(step)}`;
      return first.step === latest.step ? `${at(latest)}.` : `${at(latest)}, from ${at(first)}.`;
    },
    table: ({ points }) => ({
      columns: ['Step', ...columns.map(({ column }) => column)],
      rows: points.flatMap(({ step, diagnostics }) => diagnostics === undefined ? [] : [[formatCount(step), ...columns.map(column => cell(diagnostics, column))]]).toReversed(),
    }),
  };
}

interface Measured {
  readonly step: number;
  readonly value: number;
}

function measured(points: readonly SampleEvent[], name: DiagnosticName): Measured[] {
  return points.flatMap(({ step, diagnostics }) => diagnostics?.[name] === undefined ? [] : [{ step, value: diagnostics[name] }]);
}

export function lastMeasured(points: readonly SampleEvent[], name: DiagnosticName): Measured | undefined {
  const point = points.findLast(({ diagnostics }) => diagnostics?.[name] !== undefined);
  const value = point?.diagnostics?.[name];
  return point === undefined || value === undefined ? undefined : { step: point.step, value };
}

function cell(diagnostics: DiagnosticsSample, { name, format }: { readonly name: DiagnosticName; readonly format: (value: number) => string }): string {
  const value = diagnostics[name];
  return value === undefined ? absent : format(value);
}

function rangeOf({ scaleType, ends }: Figure, values: readonly number[]): ReturnType<ChartSpec['range']> {
  if (scaleType === 'logarithmic') {
    const seen = values.filter(value => value > 0);
    return seen.length === 0 ? {} : { min: Math.min(...seen) / headroom, max: Math.max(...seen) * headroom };
  }
  const highest = Math.max(0, ...values);
  if (ends === undefined) return niceRange(highest * headroom, marks);
  const lowest = Math.min(...values);
  return lowest < 0 ? { ...ends, stepSize: (ends.max - ends.min) / marks } : { ...niceRange(ends.max, marks), max: ends.max };
}
