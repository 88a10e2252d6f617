/**
 * What the run stored at most, in the accounting of papers on low-memory training: model, optimizer, activations. The workspace of that
 * instant stands beside it. Hidden where nobody noted such an instant.
 */
import { formatBytes } from '../../src/protocol/format';
import { storedBytes } from '../../src/protocol/samples';
import type { Component } from '../component';
import { element } from '../dom';
import { createFigure, showFigure } from '../figure';
import { absent, formatExactBytes } from '../format';
import { createShares } from './shares';

const help = 'The instant at which most bytes were stored. Workspace, which lives no longer than one operation, is not counted, as papers do not count it.';

export function createStoredPeakView(): Component {
  const shares = createShares('Stored at most', share => `stored.${share}`, {
    model: 'parameters', optimizer: 'gradients and optimizer state', activations: 'activations and their gradients', beside: 'buffers, data and unattributed',
  });
  const total = element('span', { 'data-figure': 'stored.total' }, absent);
  const workspace = createFigure('stored.workspace', 'Workspace at that instant');
  const view = element('div', { class: 'stored-peak' },
    element('p', { class: 'caption', title: help }, 'Stored at most, workspace apart: ', total), shares.element,
    element('dl', { class: 'beside-figures' }, workspace.element));
  return {
    element: view,
    render: ({ state: { storedPeak } }) => {
      view.hidden = storedPeak === undefined;
      if (storedPeak === undefined) return;
      shares.show({ ...storedPeak, workspace: 0 });
      const stored = storedBytes(storedPeak);
      showFigure(total, stored, formatBytes(stored), formatExactBytes(stored));
      workspace.show(storedPeak.workspace, formatBytes(storedPeak.workspace), formatExactBytes(storedPeak.workspace));
    },
  };
}
