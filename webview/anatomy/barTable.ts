/** A table of sizes with a bar in each row: bytes, bytes per parameter, and the share of the longest. */
import { formatBytes } from '../../src/protocol/format';
import { element } from '../dom';
import { showFigure } from '../figure';
import { formatBytesPerParameter, formatExactBytes } from '../format';

export interface BarRow {
  readonly element: HTMLElement;
  /** `share`: length of the bar, from 0 to 1. */
  show(bytes: number, parameters: number, share: number): void;
}

/** `figure` names the size for tests; `bar` is the class of the bar's colour, absent for a row without one. */
export function createBarRow(label: string, figure: string, bar?: 'own' | 'other'): BarRow {
  const [size, perParameter] = [element('td', { 'data-figure': figure }), element('td')];
  const fill = element('div', { class: `bar-fill ${bar ?? ''}` });
  const barCell = element('td', { class: 'bar-cell' }, ...(bar === undefined ? [] : [fill]));
  return {
    element: element('tr', {}, element('th', { scope: 'row' }, label), size, perParameter, barCell),
    show: (bytes, parameters, share) => {
      showFigure(size, bytes, formatBytes(bytes), formatExactBytes(bytes));
      showFigure(perParameter, bytes / parameters, formatBytesPerParameter(bytes / parameters));
      fill.style.inlineSize = `${share * 100}%`;
    },
  };
}

export function createBarTable(caption: HTMLElement, what: string, rows: readonly BarRow[], sum?: BarRow): HTMLTableElement {
  const columns = [what, 'Size', 'Per parameter'].map(column => element('th', { scope: 'col' }, column));
  const head = element('tr', {}, ...columns, element('td', { class: 'bar-cell' }));
  return element('table', { class: 'figures bars' }, caption, element('thead', {}, head),
    element('tbody', {}, ...rows.map(row => row.element)), ...(sum === undefined ? [] : [element('tfoot', {}, sum.element)]));
}
