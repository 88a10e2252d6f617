/** The data of a chart as a table, for those who cannot see the canvas or want the figures. */
import { element } from '../dom';
import type { ChartTable } from './chartSpec';

export function fillChartTable(table: HTMLTableElement, title: string, { columns, rows }: ChartTable): void {
  const head = element('tr', {}, ...columns.map(column => element('th', { scope: 'col' }, column)));
  const body = rows.map(([step = '', ...cells]) => element('tr', {}, element('th', { scope: 'row' }, step), ...cells.map(cell => element('td', {}, cell))));
  table.replaceChildren(
    element('caption', { class: 'unseen' }, `${title}, latest first`),
    element('thead', {}, head),
    element('tbody', {}, ...body),
  );
}
