/** The elements around a chart: title, legend, the canvas in its box, and the table that can take its place. */
import { element, setAttribute, setText } from '../dom';
import { emptyReason } from '../labels';
import type { View } from '../store';
import { createChartActions, markdownOf, type ChartActions, type PictureFormat } from './chartActions';
import type { ChartSpec, LegendEntry } from './chartSpec';
import { fillChartTable } from './chartTable';

export class ChartFrame {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  isTabular = false;
  private readonly empty = element('p', { class: 'empty' });
  private readonly table = element('table', { class: 'figures' });
  private readonly legend = element('ul', { class: 'legend' });
  private readonly toggle = element('button', { class: 'quiet', type: 'button', 'data-action': 'table' });
  private readonly actions: ChartActions;
  private view: View | undefined;
  private readonly box: HTMLElement;
  private readonly tableBox: HTMLElement;

  constructor(private readonly spec: ChartSpec, toggled: () => void, save: (format: PictureFormat) => void) {
    const { name, title, caption, help } = spec;
    this.canvas = element('canvas', { role: 'img', 'aria-label': `${title}: ${caption}. No step yet.` });
    this.box = element('div', { class: 'chart-box' }, this.canvas, this.empty);
    this.tableBox = element('div', { class: 'chart-box scrolls', role: 'region', 'aria-label': `${title} as a table`, tabindex: 0 }, this.table);
    this.actions = createChartActions(title, save, () => navigator.clipboard.writeText(this.view === undefined ? '' : markdownOf(spec.table(this.view))));
    const head = element('header', {}, element('h3', { title: help }, title), element('span', { class: 'caption' }, caption), element('span', { class: 'chart-buttons' }, this.actions.element, this.toggle), this.legend);
    this.element = element('figure', { class: 'chart', 'data-chart': name }, head, this.box, this.tableBox);
    this.toggle.addEventListener('click', () => {
      this.show(!this.isTabular);
      toggled();
    });
    this.show(false);
  }

  /** Legend, and what stands in place of a picture before there is one. */
  render(view: View): void {
    const isEmpty = view.points.length === 0;
    this.view = view;
    this.empty.hidden = !isEmpty;
    this.toggle.hidden = isEmpty;
    this.actions.show(isEmpty ? 'nothing' : this.isTabular ? 'table' : 'picture');
    this.canvas.style.visibility = isEmpty ? 'hidden' : 'visible';
    setText(this.empty, emptyReason(view.state));
    const entries = this.spec.legend(view);
    if (this.legend.childElementCount !== entries.length) this.legend.replaceChildren(...entries.map(legendItem));
    entries.forEach(({ value }, index) => setText(this.legend.children[index]?.lastElementChild ?? this.legend, value));
  }

  fillTable(view: View): void {
    fillChartTable(this.table, this.spec.title, this.spec.table(view));
  }

  private show(tabular: boolean): void {
    this.isTabular = tabular;
    this.box.hidden = tabular;
    this.tableBox.hidden = !tabular;
    this.actions.show(this.view === undefined || this.view.points.length === 0 ? 'nothing' : tabular ? 'table' : 'picture');
    setText(this.toggle, tabular ? 'View as chart' : 'View as table');
    setAttribute(this.toggle, 'aria-label', `${this.toggle.textContent}: ${this.spec.title}`);
  }
}

function legendItem({ label, swatch }: LegendEntry): HTMLElement {
  return element('li', {}, element('span', { class: `swatch ${swatch}`, 'aria-hidden': 'true' }), `${label} `, element('span', { class: 'value' }));
}
