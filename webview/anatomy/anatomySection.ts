/** The optimizer's state taken apart: measured, predicted, compared. */
import { formatByteChange, formatBytes } from '../../src/protocol/format';
import { totalBytes } from '../../src/settings/stateBytes';
import type { Component } from '../component';
import { element, setText } from '../dom';
import { predict } from '../prediction';
import type { View } from '../store';
import { createComparisonTable } from './comparisonTable';
import { createStateTable } from './stateTable';
import { storedPredictions } from './storedPrediction';

export function createAnatomySection(): Component {
  const [parts, comparison] = [createStateTable(), createComparisonTable()];
  const predicted = element('p', { class: 'remark' });
  const stored = element('div', { class: 'remark' });
  let said = '';
  const empty = element('p', { class: 'empty-line' }, 'Measured with the first step.');
  const content = element('div', { class: 'stack' }, parts.element, element('div', {}, predicted, stored), comparison.element);
  return {
    element: element('section', { 'aria-label': 'Optimizer state' }, element('h2', {}, 'Optimizer state'), empty, content),
    render: view => {
      content.hidden = view.state.latest === undefined;
      empty.hidden = !content.hidden;
      parts.render(view);
      comparison.render(view);
      setText(predicted, predictedBeside(view));
      const lines = storedPredictions(view);
      stored.hidden = lines.length === 0;
      if (lines.join() !== said) stored.replaceChildren(...lines.map(line => element('p', {}, line)));
      said = lines.join();
    },
  };
}

/** The prediction from the settings stands next to the measurement, with its error. */
function predictedBeside({ state }: View): string {
  const prediction = predict(state, {});
  if (prediction === undefined || state.latest === undefined) return '';
  const predicted = `Predicted: ${formatBytes(prediction.before)}, `;
  const error = totalBytes(state.latest.memory.stateBytes) - prediction.before;
  if (error === 0) return `${predicted}exactly as measured.`;
  const isOlder = state.latest.step <= (state.changes.at(-1)?.step ?? -1);
  return `${predicted}${isOlder ? 'measured with the next step' : `measured ${formatByteChange(error)}`}.`;
}
