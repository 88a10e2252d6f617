/**
 * What the run was expected to take before it started, beside what was measured: of the steps until its first change, since the prediction
 * is of the settings that it started with.
 */
import type { Estimate } from '../../src/protocol/estimate';
import { formatBytes, formatMilliseconds, formatRelativeChange } from '../../src/protocol/format';
import { relativeError } from '../../src/protocol/relativeError';
import { storedBytes } from '../../src/protocol/samples';
import { meanMs, type Stretch } from '../../src/protocol/stretches';
import type { Component } from '../component';
import { element, setText } from '../dom';
import { showFigure } from '../figure';
import { absent, formatExactBytes } from '../format';

interface Row {
  readonly name: string;
  readonly label: string;
  predicted(estimate: Estimate): number | undefined;
  measured(stretch: Stretch): number | undefined;
  readonly text: (value: number) => string;
  readonly title?: (value: number) => string;
}

const inBytes = { text: formatBytes, title: formatExactBytes };
const rows: readonly Row[] = [
  { name: 'peak', label: 'Peak of a step', ...inBytes, predicted: ({ peakBytes }) => peakBytes, measured: ({ peakBytes }) => peakBytes },
  { name: 'optimizerState', label: 'Optimizer state', ...inBytes, predicted: ({ bytes }) => bytes.optimizerState, measured: ({ optimizerStateBytes }) => optimizerStateBytes },
  { name: 'stored', label: 'Stored at most', ...inBytes, predicted: ({ storedPeak }) => storedBytes(storedPeak), measured: stretch => stretch.storedBytes },
  { name: 'stepMs', label: 'Time of a step', text: formatMilliseconds, predicted: ({ stepMs }) => stepMs, measured: ({ all }) => meanMs(all) },
];
const columns = ['', 'Predicted', 'Measured', 'Error'];

export function createPredictedBeside(): Component {
  const shown = rows.map(row => ({ row, ...tableRow(row) }));
  const caption = element('caption');
  const head = element('tr', {}, ...columns.map(column => column === '' ? element('td') : element('th', { scope: 'col' }, column)));
  const table = element('table', { class: 'figures predicted' }, caption, element('thead', {}, head), element('tbody', {}, ...shown.map(({ element: node }) => node)));
  return {
    element: table,
    render: ({ state: { started, stretches, changes } }) => {
      const [estimate, stretch] = [started?.predicted, stretches[0]];
      table.hidden = estimate === undefined || stretch === undefined;
      if (estimate === undefined || stretch === undefined) return;
      setText(caption, `Predicted before the run${changes.length === 0 ? '' : `, measured until the first change at step ${String(changes[0]?.step)}`}`);
      for (const { row, show } of shown) show(row.predicted(estimate), row.measured(stretch));
    },
  };
}

function tableRow({ name, label, text, title }: Row) {
  const cells = ['predicted', 'measured', 'error'].map(column => element('td', { 'data-figure': `${column}.${name}` }, absent));
  const [predictedCell, measuredCell, errorCell] = cells;
  const row = element('tr', {}, element('th', { scope: 'row' }, label), ...cells);
  const fill = (cell: HTMLElement | undefined, value: number | undefined) => {
    if (cell !== undefined) showFigure(cell, value, value === undefined ? '' : text(value), value === undefined ? undefined : title?.(value));
  };
  return {
    element: row,
    show: (predicted: number | undefined, measured: number | undefined) => {
      row.hidden = predicted === undefined;
      fill(predictedCell, predicted);
      fill(measuredCell, measured);
      const error = predicted === undefined || measured === undefined ? undefined : relativeError(predicted, measured);
      if (errorCell !== undefined) showFigure(errorCell, error, error === undefined ? '' : formatRelativeChange(error));
    },
  };
}
