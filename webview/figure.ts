/** One figure with its name: the text for people, the raw number in `data-value` for tests and scripts. */
import { element, setAttribute, setText } from './dom';
import { absent } from './format';

export interface Figure {
  readonly element: HTMLElement;
  /** Shows a value, or that there is none. */
  show(value: number | undefined, text: string, title?: string): void;
}

export function createFigure(name: string, label: string): Figure {
  const value = element('dd', { 'data-figure': name }, absent);
  return {
    element: element('div', { class: 'figure' }, element('dt', { title: label }, label), value),
    show: (number, text, title) => showFigure(value, number, text, title),
  };
}

/** The same for a figure that is a cell or a word. */
export function showFigure(node: Element, value: number | undefined, text: string, title?: string): void {
  setText(node, value === undefined ? absent : text);
  setAttribute(node, 'data-value', value);
  setAttribute(node, 'title', value === undefined ? undefined : title);
}
