/** The knobs that the run's optimizer reads and that can be turned while it goes on; below them what is fixed. */
import { isOver } from '../../src/protocol/runState';
import { isLive, isUsedBy, knob, knobNames, type Optimizer } from '../../src/settings/knobs';
import type { Component } from '../component';
import { element, setText } from '../dom';
import type { Post } from '../vscodeApi';
import { createFixedSettings } from './fixedSettings';
import { KnobRow } from './knobRow';

export function createKnobsForm(post: Post): Component {
  const caption = element('span', { class: 'caption' });
  const form = element('div', { class: 'knobs' });
  const fixed = createFixedSettings();
  let rows: readonly Component[] = [];
  let optimizer: Optimizer | undefined;
  return {
    element: element('section', { 'aria-label': 'Knobs' }, element('header', {}, element('h2', {}, 'Knobs'), caption), form, fixed.element),
    render: view => {
      const { settings, status } = view.state;
      if (settings.optimizer !== optimizer) {
        optimizer = settings.optimizer;
        rows = rowsFor(optimizer, post);
        form.replaceChildren(...rows.map(row => row.element));
      }
      setText(caption, isOver(status) ? 'as they were at the end' : 'applied between two steps');
      for (const row of rows) row.render(view);
      fixed.render(view);
    },
  };
}

function rowsFor(optimizer: Optimizer, post: Post): Component[] {
  return knobNames.flatMap(name => {
    const entry = knob(name);
    return isLive(name) && isUsedBy(name, optimizer) && entry.kind === 'number' ? [new KnobRow(name, entry, post)] : [];
  });
}
