/** What is measured beside the exact count, and labelled as such; a line is absent where nobody can measure it. */
import { formatBytes } from '../../src/protocol/format';
import { heldLabels, heldNames } from '../../src/protocol/heldBytes';
import type { Component } from '../component';
import { element } from '../dom';
import { createFigure } from '../figure';
import { formatExactBytes } from '../format';
import type { View } from '../store';

const measured: readonly { readonly name: string; readonly label: string; readonly bytes: (view: View) => number | undefined }[] = [
  ...heldNames.map(name => ({ name: `held.${name}`, label: heldLabels[name], bytes: ({ state }: View) => state.latest?.memory.held[name] })),
  { name: 'datasetBytes', label: 'Data set on the host, outside every category', bytes: ({ state }) => state.started?.datasetBytes },
];

export function createMeasuredBeside(): Component {
  const rows = measured.map(({ name, label, bytes }) => ({ figure: createFigure(name, label), bytes }));
  return {
    element: element('dl', { class: 'beside-figures' }, ...rows.map(({ figure }) => figure.element)),
    render: view => {
      for (const { figure, bytes } of rows) {
        const value = bytes(view);
        figure.element.hidden = value === undefined;
        if (value !== undefined) figure.show(value, formatBytes(value), formatExactBytes(value));
      }
    },
  };
}
