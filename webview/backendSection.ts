/** What the run computes on, why that, and how the others that are at hand were measured. */
import type { Alternative, UsedBackend } from '../src/protocol/backends';
import type { Component } from './component';
import { element, setText } from './dom';

export function createBackendSection(): Component {
  const name = element('strong');
  const reason = element('span', { class: 'remark' });
  const body = element('tbody');
  const head = element('tr', {}, ...['Backend', 'A step', 'On'].map(column => element('th', { scope: 'col' }, column)));
  const caption = element('caption', { class: 'unseen' }, 'Backends that were at hand, best first');
  const table = element('table', { class: 'figures backends' }, caption, element('thead', {}, head), body);
  const section = element('section', { 'aria-label': 'Backend' }, element('h2', {}, 'Backend'), element('p', {}, name, ' ', reason), table);
  let shown: UsedBackend | undefined;
  return {
    element: section,
    render: ({ state: { started } }) => {
      section.hidden = started === undefined;
      if (started === undefined || started.backend === shown) return;
      shown = started.backend;
      const { alternatives = [], device } = shown;
      setText(name, `${shown.name} ${shown.version}${device === undefined ? '' : ` on ${device}`}`);
      // What stands in the table need not be said twice.
      setText(reason, alternatives.length === 0 ? shown.reason : alternatives.filter(isUsable).length > 1 ? 'chosen by measuring' : 'the only one that can be used here');
      table.hidden = alternatives.length === 0;
      body.replaceChildren(...alternatives.map(rowOf));
    },
  };
}

function isUsable({ refused }: Alternative): boolean {
  return refused === undefined;
}

function rowOf({ name, stepMs, device, refused }: Alternative): HTMLElement {
  return element('tr', { 'data-backend': name },
    element('th', { scope: 'row' }, name),
    element('td', {}, stepMs === undefined ? '–' : `${stepMs.toPrecision(3)} ms`),
    element('td', {}, [device ?? (refused === undefined ? 'processor' : undefined), refused === undefined ? undefined : `left out: ${refused}`].filter(Boolean).join(', ')));
}
