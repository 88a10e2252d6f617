/** This run's optimizer beside the known costs of two others for the same parameters. */
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
    createBarRow('Dense M-FAC', 'compared.denseMfac', 'other'),
  ];
  return {
    element: createBarTable(caption, 'Optimizer', rows),
    render: ({ state: { latest, started, settings } }) => {
      if (latest === undefined || started === undefined) return;
      const d = started.parameterCount;
      const sizes = [totalBytes(latest.memory.stateBytes), adamwBytesPerParameter * d, denseBytesPerParameterAndRow * settings.window * d];
      const longest = Math.max(...sizes);
      setText(caption, `Compared, at window ${settings.window}`);
      rows.forEach((row, index) => row.show(sizes[index] ?? 0, d, (sizes[index] ?? 0) / longest));
    },
  };
}
