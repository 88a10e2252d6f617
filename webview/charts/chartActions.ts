/** What can be done with a chart beside looking at it: keep it as a picture, or its table as text. */
import { element } from '../dom';
import type { ChartTable } from './chartSpec';

export type PictureFormat = 'png' | 'svg';

export interface ChartActions {
  readonly element: HTMLElement;
  /** As a table, a chart is copied; as a picture, it is saved. Before there is anything, neither. */
  show(what: 'picture' | 'table' | 'nothing'): void;
}

export function createChartActions(title: string, save: (format: PictureFormat) => void, copy: () => Promise<void>): ChartActions {
  const pictures = createPictureButtons(title, save);
  const copying = button('Copy', `Copy table as Markdown: ${title}`, 'copy-table', () => {
    copy().then(() => { copying.textContent = 'Copied'; }, () => { copying.textContent = 'Cannot copy'; }).finally(() => setTimeout(() => { copying.textContent = 'Copy'; }, 1500));
  });
  return {
    element: element('span', { class: 'chart-actions' }, ...pictures, copying),
    show: what => {
      for (const each of pictures) each.hidden = what !== 'picture';
      copying.hidden = what !== 'table';
    },
  };
}

export function createPictureButtons(title: string, save: (format: PictureFormat) => void): HTMLElement[] {
  return (['png', 'svg'] as const).map(format => button(format.toUpperCase(), `Save picture: ${title}, as ${format.toUpperCase()}`, `save-${format}`, () => { save(format); }));
}

function button(words: string, label: string, action: string, act: () => void): HTMLElement {
  const made = element('button', { 'class': 'quiet', 'type': 'button', 'data-action': action, 'aria-label': label, 'title': label }, words);
  made.addEventListener('click', act);
  return made;
}

/** A table of a chart as Markdown. */
export function markdownOf({ columns, rows }: ChartTable): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(columns), `|${columns.map((_, index) => index === 0 ? '---' : '---:').join('|')}|`, ...rows.map(line)].join('\n');
}
