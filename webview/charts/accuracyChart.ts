/** The share of examples classified correctly: train and validation. */
import { formatCount } from '../../src/protocol/format';
import { formatAccuracy, formatPercent } from '../format';
import type { View } from '../store';
import type { ChartSpec } from './chartSpec';
import { stepTable } from './stepTable';
import { validationLine, validationPointRadius } from './validationLine';

export const accuracyChart: ChartSpec = {
  name: 'accuracy',
  title: 'Accuracy',
  caption: 'correctly classified',
  scaleType: 'linear',
  stacked: false,
  format: formatPercent,
  mark: formatPercent,
  markersAt: 'bottom',
  lines: palette => [
    { label: 'Train', data: [], borderColor: palette.train, backgroundColor: palette.train, fill: false },
    validationLine(palette),
  ],
  fill: ([train, validation], { points, validations }) => {
    if (train !== undefined) train.data = points.map(({ step, accuracy }) => ({ x: step, y: accuracy }));
    if (validation !== undefined) validation.data = validations.map(({ step, accuracy }) => ({ x: step, y: accuracy }));
    validationPointRadius(validation, validations.length);
  },
  range: () => ({ min: 0, max: 1, stepSize: 0.2 }),
  legend: ({ state }) => [
    { label: 'train', swatch: 'line train', value: state.latest ? formatAccuracy(state.latest.accuracy) : '' },
    { label: 'validation', swatch: 'line dashed validation', value: state.validation ? formatAccuracy(state.validation.accuracy) : '' },
  ],
  summary,
  table: view => ({
    columns: ['Step', 'Train', 'Validation'],
    rows: stepTable(view, 1, ({ accuracy }) => [formatAccuracy(accuracy)], ({ accuracy }) => formatAccuracy(accuracy)),
  }),
};

function summary({ state: { latest, validation } }: View): string {
  if (latest === undefined) return 'No step yet.';
  const train = `Train accuracy ${formatAccuracy(latest.accuracy)} at step ${formatCount(latest.step)}.`;
  return validation ? `${train} Validation accuracy ${formatAccuracy(validation.accuracy)} at step ${formatCount(validation.step)}.` : train;
}
