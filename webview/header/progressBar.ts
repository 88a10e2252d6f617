/** A thin line along the bar: the share of the steps that are done. */
import { formatCount } from '../../src/protocol/format';
import type { Component } from '../component';
import { element, setAttribute } from '../dom';
import { formatPercent } from '../format';
import { progressOf } from '../progress';

export function createProgressBar(): Component {
  const fill = element('div', { class: 'progress-fill' });
  const bar = element('div', { class: 'progress', role: 'progressbar', 'aria-label': 'Steps done', 'aria-valuemin': 0 }, fill);
  return {
    element: bar,
    render: view => {
      const { step, totalSteps } = progressOf(view);
      setAttribute(bar, 'data-phase', totalSteps === undefined ? 'starting' : view.state.status);
      setAttribute(bar, 'aria-valuemax', totalSteps);
      setAttribute(bar, 'aria-valuenow', totalSteps === undefined ? undefined : step);
      setAttribute(bar, 'aria-valuetext', totalSteps === undefined ? 'starting' : inWords(step, totalSteps));
      fill.style.inlineSize = totalSteps === undefined ? '' : `${step / totalSteps * 100}%`;
    },
  };
}

function inWords(step: number, totalSteps: number): string {
  return `step ${formatCount(step)} of ${formatCount(totalSteps)}, ${formatPercent(step / totalSteps)}`;
}
