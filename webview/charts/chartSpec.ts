/** What a chart of the panel is made of; `chartCard` does the rest. A metric owns its unit, its scale and its format. */
import type { ChartDataset } from 'chart.js';
import type { Palette } from '../theme';
import type { View } from '../store';

/** A place in a chart; x is always the step. */
export interface Place {
  x: number;
  y: number;
}
export type Line = ChartDataset<'line', Place[]>;

export interface LegendEntry {
  readonly label: string;
  /** Class of the swatch: a colour role and a shape. */
  readonly swatch: string;
  /** Latest value. */
  readonly value: string;
}

export interface ChartTable {
  readonly columns: readonly string[];
  /** Latest first. */
  readonly rows: readonly (readonly string[])[];
}

export interface ChartSpec {
  readonly name: string;
  readonly title: string;
  /** What the numbers are, beside the title. */
  readonly caption: string;
  /** What they mean, in a sentence for who points at the title. */
  readonly help?: string;
  /** Whether the run has such figures at all; without it, every run has. */
  isFor?(view: View): boolean;
  lines(palette: Palette): Line[];
  /** Puts the data into the lines made by `lines`, in place. */
  fill(lines: readonly Line[], view: View): void;
  readonly scaleType: 'linear' | 'logarithmic';
  readonly stacked: boolean;
  /** Ends of the vertical axis and the distance of its marks, where the chart's own choice will not do. */
  range(view: View): { readonly min?: number; readonly max?: number; readonly stepSize?: number };
  /** A value that the run shall stay below, where there is one, and what it is. */
  limit?(view: View): { readonly value: number; readonly named: string } | undefined;
  format(value: number): string;
  /** The same on the axis, where figures are round. */
  mark(value: number): string;
  /** Where the curves leave room for the labels of changes. */
  readonly markersAt: 'top' | 'bottom';
  /** Marks of changes carry the number of the change only: a small chart has no room for words. */
  readonly numbersOnly?: true;
  legend(view: View): readonly LegendEntry[];
  /** The picture in one or two sentences. */
  summary(view: View): string;
  table(view: View): ChartTable;
}
