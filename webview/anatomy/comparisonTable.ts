/** This run's optimizer beside the known costs of others for the same parameters; of a dense window where it has one itself. */
import { isUsedBy } from '../../src/settings/knobs';
import { totalBytes } from '../../src/settings/stateBytes';
import type { Component } from '../component';
import { element, setText } from '../dom';
import { createBarRow, createBarTable } from './barTable';

/** Two moments of four bytes. */
const adamwBytesPerParameter = 8;
/** Four bytes for each row of the window. */
const denseBytesPerParameterAndRow = 4;

export function createComparisonTable(): Component {
  const caption = element('caption');
  const rows = [
    createBarRow('This run', 'compared.this', 'own'),
    createBarRow('AdamW', 'compared.adamw', 'other'),
  ];
  const dense = createBarRow('Dense window', 'compared.denseWindow', 'other');
  return {
    element: createBarTable(caption, 'Optimizer', [...rows, dense]),
    render: ({ state: { latest, started, settings } }) => {
      if (latest === undefined || started === undefined) return;
      const d = started.parameterCount;
      const hasWindow = isUsedBy('window', settings.optimizer);
      const denseBytes = hasWindow ? denseBytesPerParameterAndRow * settings.window * d : 0;
      const sizes = [totalBytes(latest.memory.stateBytes), adamwBytesPerParameter * d];
      const longest = Math.max(...sizes, denseBytes);
      setText(caption, hasWindow ? `Compared, at window ${settings.window}` : 'Compared');
      rows.forEach((row, index) => row.show(sizes[index] ?? 0, d, (sizes[index] ?? 0) / longest));
      dense.element.hidden = !hasWindow;
      dense.show(denseBytes, d, denseBytes / longest);
    },
  };
}
