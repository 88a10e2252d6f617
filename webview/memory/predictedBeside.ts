/** What the run was expected to take before it started, beside what was measured until its first change. */
import { comparisonSoFar, errorOf, predictedFigures } from '../../src/protocol/comparison';
import { formatBytes, formatMilliseconds, formatRelativeChange } from '../../src/protocol/format';
import type { Compared } from '../../src/protocol/prediction';
import type { Component } from '../component';
import { element, setText } from '../dom';
import { showFigure } from '../figure';
import { absent, formatExactBytes } from '../format';

interface Row {
  readonly name: string;
  readonly label: string;
  readonly figure: keyof typeof predictedFigures;
  readonly text: (value: number) => string;
  readonly title?: (value: number) => string;
}

const inBytes = { text: formatBytes, title: formatExactBytes };
const rows: readonly Row[] = [
  { name: 'peak', label: 'Peak', figure: 'peakBytes', ...inBytes },
  { name: 'optimizerState', label: 'Optimizer state', figure: 'stateBytes', ...inBytes },
  { name: 'stored', label: 'Stored at most', figure: 'storedBytes', ...inBytes },
  { name: 'stepMs', label: 'Time of a step', figure: 'stepMs', text: formatMilliseconds },
];
const columns = ['', 'Predicted', 'Measured', 'Error'];

export function createPredictedBeside(): Component {
  const shown = rows.map(row => ({ row, ...tableRow(row) }));
  const caption = element('caption');
  const head = element('tr', {}, ...columns.map(column => column === '' ? element('td') : element('th', { scope: 'col' }, column)));
  const table = element('table', { class: 'figures predicted' }, caption, element('thead', {}, head), element('tbody', {}, ...shown.map(({ element: node }) => node)));
  return {
    element: table,
    render: ({ state }) => {
      const { started, changes: [change] } = state;
      table.hidden = started?.predicted === undefined;
      if (started?.predicted === undefined) return;
      setText(caption, `Predicted before the run${change === undefined ? '' : `, measured until the first change at step ${change.step}`}`);
      const comparison = comparisonSoFar(state);
      for (const { row: { figure }, show } of shown) show(predictedFigures[figure](started.predicted), comparison?.[figure]);
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
    show: (predicted: number | undefined, compared: Compared | undefined) => {
      row.hidden = predicted === undefined;
      fill(predictedCell, predicted);
      fill(measuredCell, compared?.measured);
      const error = compared && errorOf(compared);
      if (errorCell !== undefined) showFigure(errorCell, error, error === undefined ? '' : formatRelativeChange(error));
    },
  };
}
