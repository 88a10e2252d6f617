/** What the techniques that save memory cost, and what they did: a figure for each that the run uses or has measured. */
import { formatCount, formatOperations } from '../../src/protocol/format';
import type { SampleEvent } from '../../src/protocol/runEvents';
import { hasEffect } from '../../src/settings/isRead';
import type { Settings } from '../../src/settings/knobs';
import { scalesLoss } from '../../src/settings/memoryTechniques';
import type { Component } from '../component';
import { element } from '../dom';
import { createFigure } from '../figure';
import { formatPercent } from '../format';

interface Saving {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  isUsed(settings: Settings): boolean;
  value(latest: SampleEvent): number | undefined;
  text(value: number, latest: SampleEvent): string;
}

const savings: readonly Saving[] = [
  {
    name: 'recomputed', label: 'Recomputed operations', isUsed: ({ recompute }) => recompute !== 'none',
    help: 'Floating-point operations spent on computing dropped activations again, over those of the forward and backward passes without it.',
    value: ({ flops, recomputedFlops }) => recomputedFlops === undefined || flops === undefined || flops === 0 ? undefined : recomputedFlops / flops,
    text: (share, { recomputedFlops = 0, flops = 0 }) => `${formatPercent(share)} (${formatOperations(recomputedFlops)} on ${formatOperations(flops)})`,
  },
  {
    name: 'lossScale', label: 'Loss scale', isUsed: scalesLoss, help: 'What the loss is multiplied by, so that small gradients survive in two bytes.',
    value: ({ lossScale }) => lossScale, text: formatCount,
  },
  {
    name: 'skippedSteps', label: 'Skipped steps', isUsed: scalesLoss, help: 'Steps whose update was left out because a scaled gradient overflowed; each halves the scale.',
    value: ({ skippedSteps }) => skippedSteps, text: (skipped, { step }) => `${formatCount(skipped)} of ${formatCount(step)}`,
  },
  {
    name: 'rewired', label: 'Moved by the last rewiring', isUsed: settings => hasEffect('rewireEvery', settings), help: 'Connections that were removed where weights were small, and grown elsewhere.',
    value: ({ rewired }) => rewired, text: moved => `${formatCount(moved)} ${moved === 1 ? 'connection' : 'connections'}`,
  },
];

export function createSavings(): Component {
  const rows = savings.map(saving => ({ saving, figure: createFigure(saving.name, saving.label) }));
  for (const { saving, figure } of rows) figure.element.title = saving.help;
  const list = element('dl', { class: 'beside-figures savings' }, ...rows.map(({ figure }) => figure.element));
  return {
    element: list,
    render: ({ state: { latest, settings } }) => {
      for (const { saving, figure } of rows) {
        const value = latest && saving.value(latest);
        figure.element.hidden = value === undefined && !saving.isUsed(settings);
        figure.show(value, value === undefined || latest === undefined ? '' : saving.text(value, latest));
      }
      list.hidden = rows.every(({ figure }) => figure.element.hidden);
    },
  };
}
