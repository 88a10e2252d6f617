/** What the optimizer holds between two steps, part by part. */
import { stateParts, totalBytes } from '../../src/settings/stateBytes';
import type { Component } from '../component';
import { element } from '../dom';
import { partLabels } from '../labels';
import { createBarRow, createBarTable } from './barTable';

export function createStateTable(): Component {
  const rows = stateParts.map(part => ({ part, row: createBarRow(partLabels[part], `state.${part}`, 'own') }));
  const sum = createBarRow('Total', 'state.total');
  return {
    element: createBarTable(element('caption', {}, 'Held between steps'), 'Part', rows.map(({ row }) => row), sum),
    render: ({ state: { latest, started } }) => {
      if (latest === undefined || started === undefined) return;
      const { stateBytes } = latest.memory;
      const longest = Math.max(1, ...Object.values(stateBytes));
      for (const { part, row } of rows) {
        const bytes = stateBytes[part];
        row.element.hidden = bytes === undefined;
        if (bytes !== undefined) row.show(bytes, started.parameterCount, bytes / longest);
      }
      sum.show(totalBytes(stateBytes), started.parameterCount, 0);
    },
  };
}
